//! Lua as OpenResty runs it: with whom scripts in nginx speak.

mod network;

pub(super) use network::Network;
