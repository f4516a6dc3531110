//! ROS: packages and what they depend on.

mod package;

pub(super) use package::Package;
