//! Configuration of programs on the JVM: what Spring, Quarkus and Micronaut read from `application.yml` and its kin.

mod config;
mod gateway;
mod settings;

pub(super) use config::{Config, Served};
