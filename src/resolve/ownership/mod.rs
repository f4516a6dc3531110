//! stand-in
use crate::config::Config;
use crate::model::{Component, ComponentId, Fact, FileId, FileTable, Organisation, Problem};
pub struct Input<'a> {
    pub files: &'a FileTable,
    pub facts: &'a [Fact],
    pub components: &'a [Component],
    pub component_of: &'a dyn Fn(FileId) -> ComponentId,
    pub config: &'a Config,
    pub config_file: Option<FileId>,
}
pub fn resolve(_: Input<'_>) -> (Organisation, Vec<Problem>) {
    Default::default()
}
