//! What a project is, as far as its own file tells: a program, tests, a host that puts others together.

use roxmltree::Node;

use crate::model::ComponentKind;

/// What a project file said that tells its kind.
#[derive(Debug, Default)]
pub(super) struct Told {
    sdks: Vec<String>,
    output: Vec<String>,
    is_test: Option<bool>,
    is_host: bool,
    is_program: bool,
    is_packable: Option<bool>,
    has_test_package: bool,
    /// `AssemblyName` and `PackageId`, as written.
    pub(super) assembly: Option<String>,
    pub(super) package: Option<String>,
}

/// How the names of test projects end, between dots.
const TEST_ENDINGS: &[&str] = &[
    "acceptancetests",
    "benchmarks",
    "componenttests",
    "e2etests",
    "endtoendtests",
    "functionaltests",
    "integrationtest",
    "integrationtests",
    "specs",
    "test",
    "tests",
    "unittest",
    "unittests",
];

impl Told {
    /// The SDKs that the root names, in its attribute or in elements.
    pub(super) fn root(&mut self, root: &Node<'_, '_>) {
        for sdk in root
            .attribute("Sdk")
            .into_iter()
            .flat_map(|sdks| sdks.split(';'))
        {
            self.sdk(sdk);
        }
        let elements = root.children().filter(|child| child.has_tag_name("Sdk"));
        for name in elements.filter_map(|child| child.attribute("Name")) {
            self.sdk(name);
        }
    }

    /// An SDK, with or without its version.
    pub(super) fn sdk(&mut self, sdk: &str) {
        let name = sdk.split('/').next().unwrap_or_default().trim();
        self.sdks.push(name.to_owned());
    }

    /// Whether it only lists projects, as a solution does: <https://github.com/microsoft/MSBuildSdks/tree/main/src/Traversal>.
    pub(super) fn is_traversal(&self) -> bool {
        self.has_sdk("Microsoft.Build.Traversal")
    }

    fn has_sdk(&self, wanted: &str) -> bool {
        self.sdks.iter().any(|sdk| sdk.eq_ignore_ascii_case(wanted))
    }

    pub(super) fn property(&mut self, name: &str, text: &str) {
        let is_true = text.eq_ignore_ascii_case("true");
        match name {
            "OutputType" => self.output.push(text.to_ascii_lowercase()),
            "IsTestProject" => self.is_test = Some(is_true),
            "IsAspireHost" => self.is_host |= is_true,
            "AzureFunctionsVersion" => self.is_program = true,
            "AWSProjectType" => self.is_program |= text.eq_ignore_ascii_case("lambda"),
            // Web applications and test projects of old.
            "ProjectTypeGuids" => {
                let text = text.to_ascii_uppercase();
                self.is_program |= text.contains("349C5851-65DF-11DA-9384-00065B846F21");
                self.has_test_package |= text.contains("3AC096D0-A1C2-E12C-1390-A8335801FDAB");
            }
            "IsPackable" => self.is_packable = Some(is_true),
            "AssemblyName" => self.assembly = Some(text.to_owned()),
            "PackageId" => self.package = Some(text.to_owned()),
            _ => {}
        }
    }

    pub(super) fn package(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.has_test_package |= matches!(
            name.as_str(),
            "benchmarkdotnet"
                | "microsoft.net.test.sdk"
                | "mstest"
                | "mstest.testadapter"
                | "mstest.testframework"
                | "microsoft.visualstudio.qualitytools.unittestframework"
                | "nunit"
                | "nunit.framework"
                | "nunit3testadapter"
                | "tunit"
                | "xunit"
                | "xunit.runner.visualstudio"
                | "xunit.v3"
                | "reqnroll.nunit"
                | "reqnroll.xunit"
                | "sharpfuzz"
                | "specflow.nunit"
                | "specflow.xunit"
        );
    }

    /// What the project is; that a library is more than one is found out when resolving.
    pub(super) fn kind(&self, name: &str) -> ComponentKind {
        let has_sdk = |wanted: &str| self.has_sdk(wanted);
        let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        let is_named_test =
            name.contains('.') && TEST_ENDINGS.binary_search(&last.as_str()).is_ok();
        let is_test = self
            .is_test
            .unwrap_or(self.has_test_package || has_sdk("MSTest.Sdk") || is_named_test);
        // Tests of whole systems are hosts as well: <https://learn.microsoft.com/dotnet/aspire/fundamentals/app-host-overview>.
        if is_test {
            ComponentKind::Test
        } else if self.is_host || has_sdk("Aspire.AppHost.Sdk") {
            ComponentKind::Orchestrator
        } else {
            ComponentKind::Library
        }
    }

    /// Whether it builds a program.
    pub(super) fn is_program(&self) -> bool {
        let is_output = |wanted: &[&str]| {
            self.output
                .iter()
                .any(|output| wanted.contains(&output.as_str()))
        };
        if is_output(&["exe", "winexe", "appcontainerexe"]) || self.is_program {
            return true;
        }
        // SDKs whose projects are programs, unless they say otherwise.
        let is_sdk = self.sdks.iter().any(|sdk| {
            matches!(
                sdk.as_str(),
                "Microsoft.NET.Sdk.Web"
                    | "Microsoft.NET.Sdk.Worker"
                    | "Microsoft.NET.Sdk.BlazorWebAssembly"
            )
        });
        is_sdk && !is_output(&["library"])
    }

    /// Whether it goes to a registry of packages, where others may take it from.
    pub(super) fn is_packed(&self, kind: ComponentKind) -> bool {
        kind == ComponentKind::Library
            && self
                .is_packable
                .unwrap_or(self.package.is_some() || !self.is_program())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_sorted_so_that_they_can_be_searched() {
        assert!(TEST_ENDINGS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn names_of_tests_have_a_project_in_front() {
        for (name, kind) in [
            ("Cart.Tests", ComponentKind::Test),
            ("Cart.UnitTests", ComponentKind::Test),
            ("Tests", ComponentKind::Library),
            ("Cart.Contests", ComponentKind::Library),
            ("Cart.Testing", ComponentKind::Library),
        ] {
            assert_eq!(Told::default().kind(name), kind, "{name}");
        }
    }
}
