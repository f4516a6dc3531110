//! What does a Dockerfile copy out of its build context, on which images does it stand, and what does it start?
//!
//! The context is not known here: it is a reference that whoever builds the image binds, a compose file above all.
//! Source: <https://docs.docker.com/reference/dockerfile/>

use std::collections::BTreeSet;
use std::ops::Range;

use parse_dockerfile::{Flag, Instruction, Source, UnescapedString};

use super::stages::Stages;
use super::variables::Variables;
use crate::extract::toml_comments::comments;
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{
    Certainty, Context, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, Part,
    SourceFile, Template,
};

/// Reads Dockerfiles.
#[derive(Debug)]
pub(in crate::extract) struct Dockerfile;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("docker/dockerfile"),
    summary: "Files that Dockerfiles copy, the images that they build on, what they start with which settings",
    globs: &[
        "**/Dockerfile",
        "**/Dockerfile.*",
        "**/*.{Dockerfile,dockerfile}",
        "**/Containerfile",
        "**/Containerfile.*",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most sources of one file.
const SOURCES: usize = 1024;

impl Extractor for Dockerfile {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if file.path.file_name().ends_with(".dockerignore") {
            return;
        }
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        if allowances::promised(file.bytes) {
            // Comments stand on lines of their own, and no quotes hide them.
            let comments: Vec<_> = comments(file.bytes)
                .into_iter()
                .filter(|comment| at_line_start(text, comment.start))
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        facts.parsed(Parsed::Whole);
        let mut reader = Reader {
            path: &file.path.path,
            folder: file.path.parent(),
            stages: BTreeSet::new(),
            variables: Variables::default(),
            images: Stages::default(),
            sources: 0,
            facts,
        };
        let instructions = match parse_dockerfile::parse_iter(text) {
            Ok(instructions) => instructions,
            Err(error) => return reader.broken(text, &error),
        };
        for instruction in instructions {
            match instruction {
                Ok(instruction) => reader.instruction(&instruction),
                Err(error) => {
                    reader.broken(text, &error);
                    break;
                }
            }
        }
        let Reader { images, facts, .. } = reader;
        images.tell(&file.path.path, facts);
    }
}

fn at_line_start(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].trim().is_empty()
}

struct Reader<'a, 'f> {
    path: &'a str,
    folder: &'a str,
    stages: BTreeSet<String>,
    variables: Variables,
    images: Stages,
    sources: usize,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn broken(&mut self, text: &str, error: &parse_dockerfile::Error) {
        let before = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let at: usize = before.map(str::len).sum();
        let message = format!("not understood as a Dockerfile: {error}");
        self.facts.problem(at..at, message);
        self.facts.parsed(Parsed::Partly);
    }

    fn instruction(&mut self, instruction: &Instruction<'_>) {
        match instruction {
            Instruction::Arg(arg) => {
                let arguments = &arg.arguments;
                self.images
                    .sets(&arguments.value, arguments.span.clone(), &self.variables);
                self.variables.define(&arguments.value);
            }
            Instruction::Env(env) => {
                let arguments = &env.arguments;
                self.images
                    .sets(&arguments.value, arguments.span.clone(), &self.variables);
                self.variables.define(&arguments.value);
            }
            Instruction::Entrypoint(entrypoint) => self.images.starts(&entrypoint.arguments, true),
            Instruction::Cmd(cmd) => self.images.starts(&cmd.arguments, false),
            Instruction::From(from) => {
                let base = self.variables.replace(&from.image.value);
                self.images.begins(
                    from.as_.as_ref().map(|(_, name)| &*name.value),
                    base.map(|(base, _)| base),
                    from.image.span.clone(),
                );
                self.image(&from.image.value, from.image.span.clone());
                if let Some((_, name)) = &from.as_ {
                    self.stages.insert(name.value.to_lowercase());
                }
            }
            Instruction::Copy(copy) => self.copies(&copy.options, &copy.src),
            Instruction::Add(add) => self.copies(&add.options, &add.src),
            _ => {}
        }
    }

    /// An image that the build stands on.
    fn image(&mut self, name: &str, span: Range<usize>) {
        let Some((name, assumed)) = self.variables.replace(name) else {
            return;
        };
        let is_stage = self.stages.contains(&name.to_lowercase());
        // A stage may also go by its number.
        let is_number = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
        if name == "scratch" || is_stage || is_number {
            return;
        }
        let key = Key::new("docker-image", name);
        let fact = self
            .facts
            .requires(key, DependencyKind::LinkSplice, 1, span);
        if assumed {
            fact.certainty = Certainty::Inferred;
        }
    }

    fn copies(&mut self, options: &[Flag<'_>], sources: &[Source<'_>]) {
        let from = options
            .iter()
            .find(|flag| flag.name.value == "from")
            .and_then(|flag| flag.value.as_ref());
        let context = match from {
            None => Template::reference(
                Key::new("docker-context", self.path),
                Some(format!("path:{}", self.folder).into()),
            ),
            Some(from) => {
                let name = from.value.to_lowercase();
                self.images.takes(&name);
                let is_number = name.chars().all(|c| c.is_ascii_digit());
                if is_number || self.stages.contains(&name) {
                    return;
                }
                // A context that the builder names, or an image.
                if !name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                {
                    return self.image(&from.value, from.span.clone());
                }
                Template::reference(Key::at("docker-context", name.as_str(), self.path), None)
            }
        };
        for source in sources {
            if let Source::Path(path) = source {
                self.copy(&context, path);
            }
        }
    }

    fn copy(&mut self, context: &Template, path: &UnescapedString<'_>) {
        let is_remote = path.value.contains("://") || path.value.starts_with("git@");
        if is_remote {
            return;
        }
        self.sources += 1;
        if self.sources > SOURCES {
            if self.sources == SOURCES + 1 {
                let message = format!("more than {SOURCES} sources; the rest is not read");
                self.facts.problem(path.span.clone(), message);
                self.facts.parsed(Parsed::Partly);
            }
            return;
        }
        let mut name = context.clone();
        let mut assumed = false;
        match self.variables.replace(&path.value) {
            Some((path, replaced)) => {
                assumed = replaced;
                name.push(Part::Text(format!("/{path}").into()));
            }
            None => {
                name.push(Part::Text("/".into()));
                name.push(Part::Hole);
            }
        }
        let key = Key::new("docker-path", name);
        let fact = self
            .facts
            .requires(key, DependencyKind::LinkSplice, 1, path.span.clone());
        if assumed {
            fact.certainty = Certainty::Inferred;
        }
        // A manifest alone tells the build what to fetch; nothing of the code comes with it.
        if is_manifest(&path.value) {
            fact.context = fact.context.join(Context::Build);
        }
    }
}

/// Whether a path names a manifest or a lock file, or all of some kind.
fn is_manifest(path: &str) -> bool {
    const NAMES: &[&str] = &[
        ".npmrc",
        ".yarnrc.yml",
        "build.gradle",
        "build.gradle.kts",
        "Cargo.toml",
        "composer.json",
        "Gemfile",
        "go.mod",
        "go.sum",
        "go.work",
        "gradlew",
        "lerna.json",
        "mix.exs",
        "mvnw",
        "npm-shrinkwrap.json",
        "nuget.config",
        "NuGet.config",
        "nx.json",
        "package-lock.json",
        "package.json",
        "Package.resolved",
        "Package.swift",
        "Pipfile",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "pom.xml",
        "pubspec.yaml",
        "pyproject.toml",
        "settings.gradle",
        "settings.gradle.kts",
        "setup.cfg",
        "setup.py",
        "turbo.json",
    ];
    const ENDS: &[&str] = &[
        ".csproj",
        ".fsproj",
        ".gemspec",
        ".lock",
        ".props",
        ".sln",
        ".slnx",
        ".targets",
        "package*.json",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    NAMES.contains(&name)
        || ENDS.iter().any(|end| name.ends_with(end))
        || name.starts_with("requirements") && name.ends_with(".txt")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Dockerfile, path, text));
    }

    #[test]
    fn sources_are_relative_to_a_context_that_somebody_else_binds() {
        check(
            "docker/cart/Dockerfile",
            r#"# syntax=docker/dockerfile:1
ARG BASE=acme/base
FROM golang:1.22 AS build
FROM $BASE AS run
ARG APP=cart
ENV DIR=libs/pricing
COPY . .
COPY services/$APP/ $DIR ./
COPY --chown=me package.json libs/*/mix.exs ./
COPY --from=build /bin/cart /bin/
COPY --from=0 /x /y
COPY --from=acme/tools:2 /bin/tool /bin/
COPY --from=shared proto/ proto/
ADD https://example.com/a.tar.gz /
ADD ["a b.json", "/etc/"]
COPY ${UNKNOWN}/a b
COPY <<EOF /etc/x
COPY not/this .
EOF
# COPY nor/this .
RUN --mount=type=bind,source=x,target=y true
FROM scratch
FROM build
"#,
            expect![[r#"
                dockerfile(path:docker/cart/Dockerfile) inherits dockerfile(path:docker/cart/Dockerfile)build [declared]  @ "build"
                dockerfile(path:docker/cart/Dockerfile) runs path:docker/cart [declared]  @ "build"
                dockerfile(path:docker/cart/Dockerfile)run binds env:APP = cart [declared]  @ "APP=cart"
                dockerfile(path:docker/cart/Dockerfile)run binds env:DIR = libs/pricing [declared]  @ "DIR=libs/pricing"
                dockerfile(path:docker/cart/Dockerfile)run inherits dockerfile(path:docker/cart/Dockerfile)build [declared]  @ "$BASE"
                dockerfile(path:docker/cart/Dockerfile)run inherits dockerfile(path:docker/cart/Dockerfile)build [declared]  @ "$BASE"
                here requires docker-image:acme/base [link.splice] [inferred]  @ "$BASE"
                here requires docker-image:acme/tools:2 [link.splice]  @ "acme/tools:2"
                here requires docker-image:golang:1.22 [link.splice]  @ "golang:1.22"
                here requires docker-path:${docker-context(shared)docker/cart/Dockerfile}/proto/ [link.splice]  @ "proto/"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/. [link.splice]  @ "."
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/a b.json [link.splice]  @ "a b.json"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/libs/*/mix.exs [link.splice] [build]  @ "libs/*/mix.exs"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/libs/pricing [link.splice] [inferred]  @ "$DIR"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/package.json [link.splice] [build]  @ "package.json"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/services/cart/ [link.splice] [inferred]  @ "services/$APP/"
                here requires docker-path:${docker-context:docker/cart/Dockerfile|path:docker/cart}/{} [link.splice]  @ "${UNKNOWN}/a"
            "#]],
        );
    }

    #[test]
    fn comments_may_allow() {
        check(
            "Dockerfile",
            "FROM a\n# twopizza: allow direct-link -- soon gone\nCOPY ../b c\n",
            expect![[r##"
                dockerfile(path:Dockerfile) runs path: [declared]  @ "a"
                file binds allow:direct-link = soon gone [declared]  @ "# twopizza: allow direct-link -- soon gone\nCOPY ../b c"
                here requires docker-image:a [link.splice]  @ "a"
                here requires docker-path:${docker-context:Dockerfile|path:}/../b [link.splice]  @ "../b"
            "##]],
        );
    }

    #[test]
    fn what_is_broken_is_told_and_what_stands_before_counts() {
        check(
            "Dockerfile",
            "FROM a\nCOPY b c\nWHAT is this\n",
            expect![[r#"
                ! not understood as a Dockerfile: unknown instruction 'WHAT' at line 3 column 1  @ ""
                dockerfile(path:Dockerfile) runs path: [declared]  @ "a"
                here requires docker-image:a [link.splice]  @ "a"
                here requires docker-path:${docker-context:Dockerfile|path:}/b [link.splice]  @ "b"
            "#]],
        );
        check(
            "Dockerfile",
            "COPY",
            expect![[r#"
            ! not understood as a Dockerfile: COPY instruction requires at least two arguments at line 1 column 1  @ ""
        "#]],
        );
        check("Dockerfile.dockerignore", "COPY", expect![[r#""#]]);
        check("Dockerfile", " \n", expect![[r#""#]]);
        for piece in ["FROM ", "COPY a b\n", "COPY <<A\n", "\\\n", "[\"", "${"] {
            lines(&Dockerfile, "Dockerfile", piece.repeat(3000));
        }
    }
}
