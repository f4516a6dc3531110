//! What does Python code say: the modules that it imports, the folders that it puts on its search path, its programs, its use of the network?
//!
//! It reads syntax, and what is broken is left out. It never decides what a name means: that takes the other files.

use std::collections::BTreeMap;
use std::ops::Range;

use super::imports::{Import, Imports, imports};
use super::network;
use super::parse::{Depth, Tree};
use super::setup;
use super::strings::from_here;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Certainty, Claim, Condition, Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer,
    Parsed, SourceFile, Subject, join,
};

/// Reads Python code.
#[derive(Debug)]
pub(in crate::extract) struct Code;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("python/code"),
    summary: "Modules that Python code imports, packages that setup.py declares; what code calls, serves, publishes and stores",
    globs: &["**/*.py", "**/*.pyi", "**/*.pyw"],
    markers: &[],
    languages: &[Language::Python],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

/// The most folders that one file puts on its search path.
const PATHS: usize = 64;

impl Extractor for Code {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let lossy = String::from_utf8_lossy(file.bytes);
        if let Err(at) = file.text() {
            facts.problem(at..at + 1, "not UTF-8");
            facts.parsed(Parsed::Partly);
        }
        let path = &*file.path.path;
        // What is not UTF-8 moves the bytes that follow: their places are not exact.
        let text: &str = &lossy;
        let stub = path.ends_with(".pyi");
        let tree = Tree::new(text, stub);
        facts.parsed(Parsed::Whole);
        if let Some((bytes, message, count)) = tree.error() {
            let more = match count - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            facts.problem(bytes, format!("{message}{more}"));
            facts.parsed(Parsed::Partly);
        }
        if tree.depth == Depth::DeepStatements {
            facts.problem(0..0, "statements are nested too deeply: not read");
            facts.parsed(Parsed::Failed);
            return;
        }
        if tree.depth == Depth::DeepExpressions {
            facts.problem(0..0, "expressions are nested too deeply: not read");
            facts.parsed(Parsed::Partly);
        }
        let usual = tree.depth == Depth::Usual;
        let found = imports(tree.body(), text, path, usual);
        let allowed = if allowances::promised(file.bytes) {
            let end = |end: usize| statement_end(&found.statements, text, end);
            allowances::tell(text.as_bytes(), &tree.comments(), end, facts)
        } else {
            Vec::new()
        };
        if usual && file.path.file_name() == "setup.py" {
            setup::read(tree.body(), file.path.parent(), facts);
        }
        entry(file, &found, facts);
        paths(&found, file.path.parent(), facts);
        names(&found.imports, stub, &allowed, facts);
        // What tests call is made up, and stubs of types call nothing.
        if usual && !stub && facts.context() != Context::Test && promises(&found, path, text) {
            network::read(tree.body(), path).state(0, facts);
        }
    }
}

/// Whether a file may say something of the network.
fn promises(found: &Imports, path: &str, text: &str) -> bool {
    let mut imports = found.imports.iter();
    imports.any(|import| network::is_network(&import.name)) || network::may_matter(path, text)
}

/// Where the statement ends that starts on the line below a comment; 0: no statement that imports.
fn statement_end(statements: &[Range<usize>], text: &str, comment: usize) -> usize {
    let at = statements.partition_point(|statement| statement.start < comment);
    let next = statements.get(at);
    next.filter(|next| {
        text.get(comment..next.start)
            .is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() == 1)
    })
    .map_or(0, |next| next.end)
}

/// Django's `manage.py`, a package's `__main__.py`, and a `main.py` that runs itself.
fn entry(file: &SourceFile<'_>, found: &Imports, facts: &mut Facts<'_>) {
    let bytes = match file.path.file_name() {
        "__main__.py" => Some(0..0),
        "manage.py" => found
            .imports
            .iter()
            .find(|import| import.name.starts_with("django.core.management"))
            .map(|import| import.bytes.clone()),
        "main.py" | "app.py" | "server.py" => found.main.clone(),
        _ => None,
    };
    let is_program = !matches!(facts.context(), Context::Test | Context::Development);
    if let Some(bytes) = bytes
        && is_program
    {
        let key = Key::new("trait", "entry-point");
        facts.provides(key, Offer::Implements, bytes);
    }
}

/// `file binds python-path: = path:FOLDER` for every folder of the repository on the search path.
fn paths(found: &Imports, folder: &str, facts: &mut Facts<'_>) {
    for (text, bytes) in found.paths.iter().take(PATHS) {
        let template = found.constants.template(text);
        let Some(path) = template.as_text() else {
            continue;
        };
        let (path, certainty) = match from_here(path) {
            Ok(path) => (path.and_then(|path| join("", path)), Certainty::Observed),
            // A relative path starts where the program is started: most often beside the file.
            Err("") => continue,
            Err(path) => (join(folder, path), Certainty::Inferred),
        };
        let Some(path) = path else {
            continue;
        };
        let claim = Claim::Binds {
            key: Key::new("python-path", ""),
            value: format!("path:{path}").into(),
        };
        facts.push(Subject::File, claim, bytes.clone()).certainty = certainty;
    }
}

/// Name, whether only type checkers see it, and the comment that allows it.
type Name<'i> = (&'i str, bool, Option<usize>);

/// States each name once; what a comment allows is told apart from what none does.
fn names(imports: &[Import], stub: bool, allowed: &[Range<usize>], facts: &mut Facts<'_>) {
    let mut names: BTreeMap<Name<'_>, (u32, Range<usize>)> = BTreeMap::new();
    for import in imports {
        let at = import.bytes.start;
        let allowance = allowed.iter().position(|range| range.contains(&at));
        let key = (&*import.name, import.types || stub, allowance);
        if let Some((count, _)) = names.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if names.len() < NAMES {
            names.insert(key, (1, import.bytes.clone()));
        } else {
            let message = format!("more than {NAMES} imported names; the rest is not read");
            facts.problem(import.bytes.clone(), message);
            facts.parsed(Parsed::Partly);
            break;
        }
    }
    for ((name, types, _), (count, bytes)) in names {
        let key = Key::new("pymodule", name);
        let fact = facts.requires(key, DependencyKind::LinkImpl, count, bytes);
        if types {
            fact.context = fact.context.join(Context::Build);
            fact.when.push(Condition::Variant("types".into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn files_that_are_not_utf_8_are_read_in_part() {
        let facts = facts(&Code, "cart/a.py", b"# caf\xe9\nimport catalog\n");
        assert_eq!((facts.facts.len(), facts.problems.len()), (1, 1));
        assert_eq!(facts.info.parsed, Parsed::Partly);
    }

    #[test]
    fn names_are_bounded() {
        let text: String = (0..NAMES + 10).map(|n| format!("import a{n}\n")).collect();
        let facts = facts(&Code, "cart/a.py", text.as_bytes());
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES, 1));
    }

    #[test]
    fn only_a_program_that_is_started_is_an_entry_point() {
        let main = "if __name__ == '__main__':\n    run()\n";
        for (path, text, entry) in [
            ("cart/__main__.py", "", true),
            ("cart/main.py", main, true),
            ("cart/main.py", "def main(): ...", false),
            ("cart/tool.py", main, false),
            ("manage.py", "import cart", false),
        ] {
            let found = lines(&Code, path, text).contains("trait:entry-point");
            assert_eq!(found, entry, "{path}: {text}");
        }
    }

    #[test]
    fn folders_of_the_search_path_are_worked_out() {
        let folders = |line: &str| -> Vec<String> {
            let text = format!(
                "import sys, os\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parents[1]\n{line}\n"
            );
            let facts = facts(&Code, "services/cart/run.py", text.as_bytes());
            let paths = facts.facts.iter().filter_map(|fact| match &fact.claim {
                Claim::Binds { value, .. } => Some(value.to_string()),
                _ => None,
            });
            paths.collect()
        };
        for (line, folder) in [
            ("sys.path.append(str(ROOT / 'libs'))", "path:services/libs"),
            (
                "sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))",
                "path:services",
            ),
            (
                "sys.path.insert(0, os.path.dirname(__file__) + '/../pay')",
                "path:services/pay",
            ),
            ("sys.path += ['../pay']", "path:services/pay"),
            ("sys.path[0:0] = [f'{ROOT}/pay']", "path:services/pay"),
            ("sys.path = [str(ROOT.parent)] + sys.path", "path:"),
            (
                "sys.path.insert(0, str(Path(__file__).parent.joinpath('lib').absolute()))",
                "path:services/cart/lib",
            ),
        ] {
            assert_eq!(folders(line), [folder], "{line}");
        }
        for line in [
            "sys.path.append(where())",
            "sys.path.append('/usr/lib')",
            "sys.path.append(str(ROOT.parents[4]))",
            "path.append('lib')",
        ] {
            assert!(folders(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn what_imports_nothing_says_nothing() {
        let text = "def f(import_module):\n    x = 'import a'\n    import_module(x + y)\n    return x.import_module(), __import__(name)\n";
        assert_eq!(lines(&Code, "cart/a.py", text), "");
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "(",
            "[",
            "{",
            "a.",
            "not ",
            "if a:\n ",
            "import a,",
            "from . ",
            "\\\n",
            "f'{",
            "\"\"\"",
            "lambda: ",
            "@a\n",
            "\t",
            "x = ",
        ] {
            facts(&Code, "a.py", piece.repeat(30_000).as_bytes());
        }
        let deep: String = (0..3_000)
            .map(|n| format!("{}if a:\n", " ".repeat(n)))
            .collect();
        let facts = facts(&Code, "a.py", deep.as_bytes());
        assert_eq!(facts.info.parsed, Parsed::Failed);
    }
}
