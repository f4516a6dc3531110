//! twopizza: who depends on whom, through what, and where that breaks the service-interface mandate.

pub mod analysis;
pub mod config;
pub mod extract;
pub mod graph;
pub mod model;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod source;
