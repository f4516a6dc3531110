//! Which files does C or C++ code include, which modules does it import, and is it the start of a program?
//!
//! Every branch of a condition counts, but `#if 0`: which branch a compiler takes is decided by a build, not by the file.
//! Source: <https://eel.is/c++draft/cpp.include>, <https://eel.is/c++draft/module>

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::directives::{Directive, read};
use super::scan::{Line, Scan, scan};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
};

/// Reads includes.
#[derive(Debug)]
pub(in crate::extract) struct Includes;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("c/includes"),
    summary: "Files that C and C++ code includes, and modules that it imports",
    globs: &[
        "**/*.{c,h,C,H,cc,hh,cp,cpp,hpp,cxx,hxx,c++,h++}",
        "**/*.{inc,inl,ipp,ixx,tcc,tpp,txx,cppm,ccm,cxxm,c++m,mpp}",
        "**/*.{cu,cuh,m,mm,h.in,hpp.in,hh.in}",
    ],
    markers: &["include", "import", "main"],
    languages: &[Language::C, Language::Cpp],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

/// The deepest nesting of conditions that is followed.
const CONDITIONS: usize = 256;

impl Extractor for Includes {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let found = scan(file.bytes);
        facts.parsed(Parsed::Whole);
        // Files of other languages have these endings, too.
        let is_ours = !matches!(ending(&file.path.path), "inc" | "m" | "in");
        if let Some(open) = found.open.as_ref().filter(|_| is_ours) {
            facts.problem(open.clone(), "a comment or raw string without end");
            facts.parsed(Parsed::Partly);
        }
        let allowed = if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &found.comments, |_| 0, facts)
        } else {
            Vec::new()
        };
        let mut reader = Reader {
            path: &file.path.path,
            bytes: file.bytes,
            names: BTreeMap::new(),
            module: None,
            facts,
        };
        reader.lines(&found, &allowed);
        reader.tell();
    }
}

/// Namespace, place, name, and the comment that allows it.
type Name = (&'static str, &'static str, String, Option<usize>);

struct Reader<'a, 'f> {
    path: &'a str,
    bytes: &'a [u8],
    names: BTreeMap<Name, (u32, Range<usize>)>,
    /// The module of the file.
    module: Option<String>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn lines(&mut self, found: &Scan, allowed: &[Range<usize>]) {
        let modules = has_modules(self.path);
        let mut conditions = Conditions::default();
        for line in &found.lines {
            let text = String::from_utf8_lossy(&line.text);
            let Some(directive) = read(&text, modules) else {
                continue;
            };
            if conditions.follow(directive) || conditions.never() {
                continue;
            }
            let allowance = allowed
                .iter()
                .position(|range| range.contains(&line.bytes.start));
            match directive {
                Directive::Include { name, next } => {
                    let at = if next { "next" } else { "" };
                    self.name(("include", at, name.to_owned(), allowance), line);
                }
                Directive::Import(name) => {
                    // A partition belongs to the module of the file.
                    let name = match (&self.module, name.starts_with(':')) {
                        (Some(module), true) => {
                            let module = module.split(':').next().unwrap_or_default();
                            format!("{module}{name}")
                        }
                        (None, true) => continue,
                        (_, false) => name.to_owned(),
                    };
                    self.name(("cppmodule", "", name, allowance), line);
                }
                Directive::Module { name, interface } => self.module(name, interface, line),
                Directive::Main => self.main(line),
                _ => {}
            }
        }
    }

    fn name(&mut self, name: Name, line: &Line) {
        if let Some((count, _)) = self.names.get_mut(&name) {
            *count = count.saturating_add(1);
        } else if self.names.len() < NAMES {
            let span = self.span(line, name.2.as_bytes());
            self.names.insert(name, (1, span));
        }
    }

    /// The bytes of a line to the end of the name on it.
    fn span(&self, line: &Line, name: &[u8]) -> Range<usize> {
        let bytes = &self.bytes[line.bytes.clone()];
        let end = memchr::memmem::find(bytes, name).map(|at| at + name.len());
        let bytes = &bytes[..end.unwrap_or(bytes.len())];
        line.bytes.start..line.bytes.start + bytes.trim_ascii_end().len()
    }

    fn module(&mut self, name: &str, interface: bool, line: &Line) {
        self.module = Some(name.to_owned());
        let span = self.span(line, name.as_bytes());
        // A partition can be imported, exported or not; of a whole module only its interface.
        if interface || name.contains(':') {
            let key = Key::new("cppmodule", name);
            self.facts.provides(key, Offer::Implements, span);
        } else {
            self.name(("cppmodule", "", name.to_owned(), None), line);
        }
    }

    /// The program that a folder is for: other programs beside it are helpers.
    fn main(&mut self, line: &Line) {
        let at_line_start = line.bytes.start == 0 || self.bytes[line.bytes.start - 1] == b'\n';
        let is_program = !matches!(self.facts.context(), Context::Test | Context::Development);
        if at_line_start && is_program && is_main_file(self.path) {
            let key = Key::new("trait", "entry-point");
            let span = self.span(line, b"main");
            self.facts.provides(key, Offer::Implements, span);
        }
    }

    fn tell(self) {
        if self.names.len() == NAMES {
            let message = format!("more than {NAMES} names; the rest is not read");
            self.facts.problem(0..0, message);
            self.facts.parsed(Parsed::Partly);
        }
        for ((namespace, at, name, _), (count, bytes)) in self.names {
            let key = Key::at(namespace, at, name);
            self.facts
                .requires(key, DependencyKind::LinkImpl, count, bytes);
        }
    }
}

/// The conditions around a line.
#[derive(Default)]
struct Conditions {
    /// Whether each can never hold, the outermost first.
    open: Vec<bool>,
    /// How many are open beyond those that are followed.
    deeper: usize,
}

impl Conditions {
    /// Follows a line that opens, turns or closes a condition; whether it is one.
    fn follow(&mut self, directive: Directive<'_>) -> bool {
        match directive {
            Directive::If { never } if self.open.len() < CONDITIONS => self.open.push(never),
            Directive::If { .. } => self.deeper += 1,
            Directive::Else { never } if self.deeper == 0 => {
                if let Some(last) = self.open.last_mut() {
                    *last = never;
                }
            }
            Directive::Else { .. } => {}
            Directive::EndIf if self.deeper > 0 => self.deeper -= 1,
            Directive::EndIf => {
                self.open.pop();
            }
            _ => return false,
        }
        true
    }

    fn never(&self) -> bool {
        self.open.contains(&true)
    }
}

fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// Whether a file can be C++: in C, `import` and `module` are names like any other.
fn has_modules(path: &str) -> bool {
    !matches!(ending(path), "c" | "h" | "m" | "inc" | "in")
}

/// `main.cc`, or a file that is named like its folder.
fn is_main_file(path: &str) -> bool {
    let mut segments = path.rsplit('/');
    let name: Cow<'_, str> = segments.next().unwrap_or_default().to_lowercase().into();
    let stem = name.split('.').next().unwrap_or_default();
    let alike = |text: &str| text.to_lowercase().replace('-', "_");
    stem == "main"
        || segments
            .next()
            .is_some_and(|folder| alike(folder) == alike(stem))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Includes, path, text));
    }

    #[test]
    fn each_include_is_told_once_with_its_count() {
        check(
            "cart/cart.cc",
            "#include \"cart/cart.h\" // own\n#include <vector>\n#ifdef ACME\n#  include <vector>\n#else\n#include \"x.inc\"\n#endif\n#include_next <limits.h>\n#include ACME_CONFIG\n",
            expect![[r##"
                here requires include(next)<limits.h> [link.impl]  @ "#include_next <limits.h>"
                here requires include:"cart/cart.h" [link.impl]  @ "#include \"cart/cart.h\""
                here requires include:"x.inc" [link.impl]  @ "#include \"x.inc\""
                here requires include:<vector> [link.impl] ×2  @ "#include <vector>"
            "##]],
        );
    }

    #[test]
    fn what_no_compiler_sees_is_left_out() {
        check(
            "cart.cc",
            "/* #include \"a.h\" */\n// #include \"b.h\"\nchar* x = R\"(\n#include \"c.h\"\n)\";\n#if 0\n#include \"d.h\"\n#if 1\n#include \"e.h\"\n#endif\n#else\n#include \"f.h\"\n#endif\n#include \"g.h\"\n",
            expect![[r##"
                here requires include:"f.h" [link.impl]  @ "#include \"f.h\""
                here requires include:"g.h" [link.impl]  @ "#include \"g.h\""
            "##]],
        );
    }

    #[test]
    fn modules_are_provided_and_imported() {
        check(
            "cart.cppm",
            "module;\n#include <x.h>\nexport module acme.cart:prices;\nimport acme.catalog;\nexport import :items;\nimport <vector>;\n",
            expect![[r##"
                here provides cppmodule:acme.cart:prices  @ "export module acme.cart:prices"
                here requires cppmodule:acme.cart:items [link.impl]  @ "export import :items;"
                here requires cppmodule:acme.catalog [link.impl]  @ "import acme.catalog"
                here requires include:<vector> [link.impl]  @ "import <vector>"
                here requires include:<x.h> [link.impl]  @ "#include <x.h>"
            "##]],
        );
        check(
            "cart.cpp",
            "module acme.cart;\n",
            expect![[r#"
                here requires cppmodule:acme.cart [link.impl]  @ "module acme.cart"
            "#]],
        );
    }

    #[test]
    fn a_program_starts_in_the_file_that_its_folder_is_for() {
        for (path, text, starts) in [
            ("cart/src/main.cc", "int main() {\n", true),
            ("cart/cart.c", "int\nmain(int argc, char** argv)\n{", true),
            ("cart/tool.cc", "int main() {\n", false),
            ("cart/main.cc", "  int main() {\n", false),
            ("cart/main.cc", "#if 0\nint main() {\n#endif\n", false),
        ] {
            let found = lines(&Includes, path, text).contains("trait:entry-point");
            assert_eq!(found, starts, "{path}: {text}");
        }
    }

    #[test]
    fn a_comment_that_allows_is_told_and_keeps_its_include_apart() {
        check(
            "cart.cc",
            "// twopizza: allow direct-link -- soon gone\n#include \"catalog/x.h\"\n#include \"catalog/x.h\"\n",
            expect![[r##"
                file binds allow:direct-link = soon gone [declared]  @ "// twopizza: allow direct-link -- soon gone\n#include \"catalog/x.h\""
                here requires include:"catalog/x.h" [link.impl]  @ "#include \"catalog/x.h\""
                here requires include:"catalog/x.h" [link.impl]  @ "#include \"catalog/x.h\""
            "##]],
        );
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = facts(
            &Includes,
            "a.c",
            b"#include \"a.h\"\n#endif\n#else\n/* caf\xe9\n#include \"b.h\"",
        );
        assert_eq!((found.facts.len(), found.problems.len()), (1, 1));
        assert_eq!(found.info.parsed, Parsed::Partly);
        let found = facts(&Includes, "a.c", b"#include \"caf\xe9.h\"\n");
        assert_eq!(found.facts.len(), 1);
        facts(&Includes, "a.c", "#if X\n".repeat(50_000).as_bytes());
        let many: String = (0..NAMES + 10)
            .map(|n| format!("#include <a{n}.h>\n"))
            .collect();
        let found = facts(&Includes, "a.c", many.as_bytes());
        assert_eq!((found.facts.len(), found.problems.len()), (NAMES, 1));
    }
}
