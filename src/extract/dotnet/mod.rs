//! .NET: MSBuild projects and what they import; namespaces, types and imports of C# and Razor; what C#, its settings and Aspire say of the network.

mod aspire;
mod clients;
mod code;
mod events;
mod expressions;
mod items;
mod kind;
mod net;
mod network;
mod outline;
mod packages;
mod project;
#[cfg(feature = "proto")]
mod proto;
mod razor;
mod scan;
mod served;
mod settings;
mod stores;
mod texts;
mod tokens;

pub(super) use aspire::Host;
pub(super) use code::Code;
pub(super) use network::Network;
pub(super) use packages::Packages;
pub(super) use project::Project;
#[cfg(feature = "proto")]
pub(super) use proto::Generated;
pub(super) use razor::Razor;
pub(super) use settings::Settings;
