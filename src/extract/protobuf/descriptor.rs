//! The elements of a `.proto` file as flat items, so that two files can be compared.

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    ServiceDescriptorProto, UninterpretedOption,
};

use crate::model::Item;

/// The deepest nesting of messages.
const DEPTH: usize = 32;

/// Everything that a file declares, sorted: services with methods, messages with fields, enums with values, options.
pub(super) fn items(file: &FileDescriptorProto) -> Vec<Item> {
    let mut items = Vec::new();
    for service in &file.service {
        methods(service, &mut items);
    }
    for message in &file.message_type {
        fields(message, "", 0, &mut items);
    }
    for one in &file.enum_type {
        values(one, "", &mut items);
    }
    let options = file.options.iter();
    for option in options.flat_map(|options| &options.uninterpreted_option) {
        let name: Vec<&str> = option.name.iter().map(|part| &*part.name_part).collect();
        items.push(item(
            format!("option {}", name.join(".")),
            option_value(option),
        ));
    }
    items.sort();
    items.dedup();
    items
}

fn item(path: String, shape: String) -> Item {
    Item {
        path: path.into(),
        shape: shape.into(),
        required: false,
    }
}

fn methods(service: &ServiceDescriptorProto, items: &mut Vec<Item>) {
    items.push(item(format!("service {}", service.name()), String::new()));
    for method in &service.method {
        let stream = |is: bool| if is { "stream " } else { "" };
        let shape = format!(
            "{}{} -> {}{}",
            stream(method.client_streaming()),
            method.input_type(),
            stream(method.server_streaming()),
            method.output_type()
        );
        items.push(item(
            format!("rpc {}.{}", service.name(), method.name()),
            shape,
        ));
    }
}

fn fields(message: &DescriptorProto, outer: &str, depth: usize, items: &mut Vec<Item>) {
    let name = format!("{outer}{}", message.name());
    items.push(item(format!("message {name}"), String::new()));
    if depth > DEPTH {
        return;
    }
    for field in &message.field {
        items.push(item(format!("field {name}.{}", field.name()), shape(field)));
    }
    let inner = format!("{name}.");
    for nested in &message.nested_type {
        fields(nested, &inner, depth + 1, items);
    }
    for one in &message.enum_type {
        values(one, &inner, items);
    }
}

fn values(one: &EnumDescriptorProto, outer: &str, items: &mut Vec<Item>) {
    let name = format!("{outer}{}", one.name());
    items.push(item(format!("enum {name}"), String::new()));
    for value in &one.value {
        let path = format!("value {name}.{}", value.name());
        items.push(item(path, value.number().to_string()));
    }
}

fn shape(field: &FieldDescriptorProto) -> String {
    let label = match field.label() {
        Label::Optional => "",
        Label::Required => "required ",
        Label::Repeated => "repeated ",
    };
    let kind = match &field.type_name {
        Some(name) => name.as_str(),
        None => scalar(field.r#type()),
    };
    format!("{label}{kind} = {}", field.number())
}

fn scalar(kind: Type) -> &'static str {
    match kind {
        Type::Double => "double",
        Type::Float => "float",
        Type::Int64 => "int64",
        Type::Uint64 => "uint64",
        Type::Int32 => "int32",
        Type::Fixed64 => "fixed64",
        Type::Fixed32 => "fixed32",
        Type::Bool => "bool",
        Type::String => "string",
        Type::Group => "group",
        Type::Message => "message",
        Type::Bytes => "bytes",
        Type::Uint32 => "uint32",
        Type::Enum => "enum",
        Type::Sfixed32 => "sfixed32",
        Type::Sfixed64 => "sfixed64",
        Type::Sint32 => "sint32",
        Type::Sint64 => "sint64",
    }
}

fn option_value(option: &UninterpretedOption) -> String {
    if let Some(text) = &option.string_value {
        String::from_utf8_lossy(text).into_owned()
    } else if let Some(name) = &option.identifier_value {
        name.clone()
    } else if let Some(number) = option.positive_int_value {
        number.to_string()
    } else if let Some(number) = option.negative_int_value {
        number.to_string()
    } else if let Some(number) = option.double_value {
        number.to_string()
    } else {
        option.aggregate_value.clone().unwrap_or_default()
    }
}
