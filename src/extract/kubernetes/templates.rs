//! Reads manifests of Helm charts without running them: what a chart fills in becomes a mark of the same length, so that places stay.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/>

use crate::model::{Key, Part, Ref, Template};

/// Where a mark begins and ends: characters that no manifest has.
const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// A manifest in which nothing is left for Helm to fill in, and what its marks mean.
pub(super) struct Masked {
    pub(super) text: String,
    /// Where each mark begins, and what it stands for, in the order of the text.
    fills: Vec<(usize, Template)>,
}

/// What a chart's templates mean by `.Values`, `.Chart` and `.Release`.
pub(super) struct Chart<'a> {
    /// The folder of the chart, for a file in `templates`.
    pub(super) folder: &'a str,
}

impl<'a> Chart<'a> {
    /// The chart of a template, by its path.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (folder, rest) = match path.find("/templates/") {
            Some(at) => (&path[..at], &path[at + 1..]),
            None => ("", path),
        };
        rest.starts_with("templates/").then_some(Self { folder })
    }

    fn name(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or_default()
    }

    /// What one action gives: `.Values.cart.name | quote`, `default "x" .Values.y`, `include "chart.fullname" .`.
    fn fill(&self, action: &str) -> Template {
        let mut stages = action.split('|').map(str::trim);
        let first = stages.next().unwrap_or_default();
        let mut template = self.operand(first);
        for stage in stages {
            let (function, argument) = stage.split_once(' ').unwrap_or((stage, ""));
            match function {
                "default" => template = or(template, self.operand(argument)),
                "quote" | "squote" | "toString" | "trim" | "lower" | "int" | "int64"
                | "nindent" | "indent" | "trunc" | "trimSuffix" | "required" => {}
                _ => return hole(),
            }
        }
        template
    }

    fn operand(&self, text: &str) -> Template {
        let text = text.trim();
        let words: Vec<&str> = words(text);
        match words.as_slice() {
            ["quote" | "squote" | "toString" | "tpl", rest, ..] => self.operand(rest),
            ["required", _, rest] => self.operand(rest),
            ["default", default, rest] => or(self.operand(rest), self.operand(default)),
            ["include" | "template", name, ..] => self.named(name.trim_matches('"')),
            ["printf", format, rest @ ..] => self.printf(format.trim_matches('"'), rest),
            [one] => self.value(one),
            _ => hole(),
        }
    }

    fn value(&self, text: &str) -> Template {
        if let Some(inner) = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
        {
            return self.operand(inner);
        }
        if let Some(literal) = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            return Template::text(literal);
        }
        let path = text.trim_start_matches('$');
        match path {
            ".Chart.Name" => return Template::text(self.name()),
            // Whoever installs it chooses; the chart's name is what its authors choose.
            ".Release.Name" => return Template::text(self.name()),
            ".Release.Namespace" => {
                let default = Some(Template::text("default"));
                return Template::reference(Key::new("k8sns", "namespace"), default);
            }
            _ => {}
        }
        match path.strip_prefix(".Values.") {
            Some(name) if name.chars().all(is_name) => {
                let file = match self.folder {
                    "" => "path:values.yaml".to_owned(),
                    folder => format!("path:{folder}/values.yaml"),
                };
                Template::reference(Key::at("values", file, name), None)
            }
            _ if !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit()) => {
                Template::text(text)
            }
            _ => hole(),
        }
    }

    /// Templates that nearly every chart has: its name, or what the values put in its place.
    fn named(&self, name: &str) -> Template {
        let file = match self.folder {
            "" => "path:values.yaml".to_owned(),
            folder => format!("path:{folder}/values.yaml"),
        };
        let given = |key: &str| {
            let default = Some(Template::text(self.name()));
            Template::reference(Key::at("values", file.clone(), key), default)
        };
        match name.rsplit('.').next().unwrap_or_default() {
            "fullname" => given("fullnameOverride"),
            "name" => given("nameOverride"),
            _ => hole(),
        }
    }

    fn printf(&self, format: &str, arguments: &[&str]) -> Template {
        let mut out = Template::default();
        let mut arguments = arguments.iter();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.push(Part::Text(rest[..at].into()));
            let Some(verb) = rest[at + 1..].chars().next() else {
                return hole();
            };
            match verb {
                '%' => out.push(Part::Text("%".into())),
                _ => match arguments.next() {
                    Some(argument) => out.extend(&self.value(argument)),
                    None => return hole(),
                },
            }
            rest = &rest[at + 1 + verb.len_utf8()..];
        }
        out.push(Part::Text(rest.into()));
        out
    }

    /// The manifest without actions: those that steer are blanks, those that fill in are marks.
    pub(super) fn mask(&self, text: &str) -> Masked {
        let mut masked = String::with_capacity(text.len());
        let mut fills = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            masked.push_str(&rest[..at]);
            let Some(length) = rest[at..].find("}}").map(|end| end + 2) else {
                break;
            };
            let action = &rest[at..at + length];
            let inner = action[2..length - 2].trim_matches(['-', ' ', '\n', '\t', '\r']);
            if steers(inner) {
                blank(action, &mut masked);
            } else {
                let template = self.fill(inner);
                let is_alone = is_alone_on_line(&masked, &rest[at + length..]);
                if is_alone && template.0 == [Part::Hole] {
                    // Whole lines that a helper writes (labels, resources) are not read.
                    blank(action, &mut masked);
                } else {
                    fills.push((masked.len(), template));
                    // As long as the action, so that every place stays.
                    masked.push(BEGIN);
                    if let Some(between) = length.checked_sub(2 * BEGIN.len_utf8()) {
                        masked.extend(std::iter::repeat_n('_', between));
                        masked.push(END);
                    }
                }
            }
            rest = &rest[at + length..];
        }
        masked.push_str(rest);
        Masked {
            text: masked,
            fills,
        }
    }
}

/// Words of an action; what is quoted or in brackets is one.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut depth, mut quoted) = (None, 0_usize, false);
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_space = sign.is_whitespace() && !quoted && depth == 0;
        match (is_space, start) {
            (true, Some(begin)) => {
                words.push(&text[begin..at]);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|begin| &text[begin..]));
    words
}

/// Whether an action writes nothing itself.
fn steers(action: &str) -> bool {
    let first = action.split_whitespace().next().unwrap_or_default();
    matches!(
        first,
        "if" | "else" | "end" | "range" | "with" | "define" | "block" | "break" | "continue" | ""
    ) || action.starts_with("/*")
        || action.starts_with('$') && action.contains(":=")
}

fn blank(action: &str, out: &mut String) {
    for sign in action.chars() {
        match sign {
            '\n' => out.push('\n'),
            _ => out.extend(std::iter::repeat_n(' ', sign.len_utf8())),
        }
    }
}

fn is_alone_on_line(before: &str, after: &str) -> bool {
    let begin = before.rsplit('\n').next().unwrap_or_default();
    let end = after.split('\n').next().unwrap_or_default();
    begin.trim().is_empty() && end.trim().is_empty()
}

fn is_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-')
}

fn hole() -> Template {
    Template(vec![Part::Hole])
}

fn or(first: Template, second: Template) -> Template {
    match first.0.as_slice() {
        [Part::Ref(reference)] if reference.default.is_none() => {
            Template(vec![Part::Ref(Box::new(Ref {
                key: reference.key.clone(),
                default: Some(second),
            }))])
        }
        [] | [Part::Hole] => second,
        _ => first,
    }
}

impl Masked {
    /// A text without templates.
    pub(super) fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            fills: Vec::new(),
        }
    }

    /// What a scalar of the tree says; `begin` is where it stands in the text.
    pub(super) fn template(&self, scalar: &str, begin: usize) -> Template {
        if self.fills.is_empty() || !scalar.contains(BEGIN) {
            return Template::text(scalar);
        }
        let first = self.fills.partition_point(|(at, _)| *at < begin);
        let mut fills = self.fills[first..].iter();
        let mut out = Template::default();
        let mut rest = scalar;
        while let Some(at) = rest.find(BEGIN) {
            out.push(Part::Text(rest[..at].into()));
            match fills.next() {
                Some((_, fill)) => out.extend(fill),
                None => out.push(Part::Hole),
            }
            let mark = &rest[at..];
            let end = mark
                .find(END)
                .map_or(BEGIN.len_utf8(), |end| end + END.len_utf8());
            rest = &mark[end..];
        }
        out.push(Part::Text(rest.into()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tree;

    #[test]
    fn actions_become_marks_and_places_stay() {
        let text = "{{- if .Values.on }}\nname: {{ .Values.cart.name | quote }}-{{.Release.Name}}\nlabels:\n  {{- include \"x.labels\" . | nindent 2 }}\nport: {{ default 80 .Values.port }}\n{{- end }}\n";
        let chart = Chart::of("deploy/shop/templates/cart.yaml").unwrap();
        let masked = chart.mask(text);
        assert_eq!(masked.text.len(), text.len());
        let (documents, wrong) = tree::yaml(&masked.text);
        assert_eq!(wrong, []);
        let read = |key: &str| {
            let node = documents[0].get(key).unwrap();
            masked
                .template(node.text().unwrap(), node.bytes.start)
                .to_string()
        };
        assert_eq!(
            read("name"),
            "${values(path:deploy/shop/values.yaml)cart.name}-shop"
        );
        assert_eq!(
            read("port"),
            "${values(path:deploy/shop/values.yaml)port|80}"
        );
    }

    #[test]
    fn names_that_charts_share_are_known() {
        let chart = Chart::of("templates/a.yaml").unwrap();
        let fill = |action: &str| chart.fill(action).to_string();
        assert_eq!(
            fill("include \"shop.fullname\" . | trunc 63"),
            "${values(path:values.yaml)fullnameOverride|}"
        );
        assert_eq!(
            fill("printf \"%s-%s\" .Values.a .Values.b"),
            "${values(path:values.yaml)a}-${values(path:values.yaml)b}"
        );
        assert_eq!(fill("lookup \"v1\" . | toYaml"), "{}");
        assert_eq!(
            fill(".Values.a | default \"x\""),
            "${values(path:values.yaml)a|x}"
        );
    }
}
