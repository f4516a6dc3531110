//! One binary for all integration tests, so that there is one thing to link.

mod architecture;
mod docs;
mod robustness;
mod rust_paths;
mod support;
