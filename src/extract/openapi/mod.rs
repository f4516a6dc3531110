//! OpenAPI (Swagger) and AsyncAPI.

mod document;
mod shape;

pub(super) use document::Document;
