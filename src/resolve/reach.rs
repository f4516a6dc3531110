//! Which deployments contain which files: the code that they run, what it links as a whole, and the files that it imports.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::index::Index;
use super::sites::Site;
use super::units::Units;
use crate::model::{ComponentId, ComponentKind, Context, FileId, Language, Workload, WorkloadId};

/// The files of each deployment.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// By the number of the workload, a bit for each file.
    files: Vec<Bits>,
    /// By the number of the file.
    workloads: Vec<Vec<WorkloadId>>,
}

/// What a run links, as far as deployments are made of it.
pub(super) struct Linked<'a> {
    pub(super) component_of: &'a [ComponentId],
    /// Components that are linked as a whole.
    pub(super) whole: &'a BTreeSet<(ComponentId, ComponentId)>,
    /// Imports, file by file, are among them.
    pub(super) sites: &'a [Site],
    /// The files with which the program of a deployment starts, where its code has several programs.
    pub(super) programs: &'a BTreeMap<WorkloadId, Vec<FileId>>,
    /// What deployments mount of the tree.
    pub(super) mounted: &'a BTreeMap<WorkloadId, Vec<FileId>>,
}

impl Reach {
    pub(super) fn new(
        index: &Index<'_>,
        units: &Units,
        workloads: &[Workload],
        linked: &Linked<'_>,
    ) -> Self {
        if workloads.is_empty() {
            return Self {
                files: Vec::new(),
                workloads: vec![Vec::new(); index.files.len()],
            };
        }
        let mut files_of: HashMap<ComponentId, Vec<FileId>> = HashMap::new();
        for (number, component) in linked.component_of.iter().enumerate() {
            let files = files_of.entry(*component).or_default();
            files.push(FileId(number as u32));
        }
        let imports = imports(linked.sites);
        let mut reach = Self {
            files: Vec::with_capacity(workloads.len()),
            workloads: vec![Vec::new(); index.files.len()],
        };
        for (number, workload) in workloads.iter().enumerate() {
            let id = WorkloadId(number as u32);
            let program = linked.programs.get(&id);
            let start = (workload.component, program);
            let mut bits = contained(start, linked.whole, &files_of, &imports, index.files.len());
            for file in linked.mounted.get(&id).into_iter().flatten() {
                bits.set(file.0 as usize);
            }
            for file in bits.iter() {
                reach.workloads[file].push(id);
            }
            reach.files.push(bits);
        }
        reach.spread(index, linked.component_of, units);
        reach
    }

    /// What is no code is there for whatever contains code of its component; files of no component are left out.
    fn spread(&mut self, index: &Index<'_>, component_of: &[ComponentId], units: &Units) {
        let mut by_component: HashMap<ComponentId, BTreeSet<WorkloadId>> = HashMap::new();
        for (number, workloads) in self.workloads.iter().enumerate() {
            let list = by_component.entry(component_of[number]).or_default();
            list.extend(workloads);
        }
        for (file, row) in index.files.iter() {
            let number = file.0 as usize;
            let component = component_of[number];
            let is_somebodys = self.workloads[number].is_empty()
                && row.class.language == Language::Data
                && units.components[component.0 as usize].kind != ComponentKind::Rest;
            if let Some(workloads) = by_component.get(&component).filter(|_| is_somebodys) {
                self.workloads[number] = workloads.iter().copied().collect();
                for workload in workloads {
                    self.files[workload.0 as usize].set(number);
                }
            }
        }
    }

    /// The deployments that contain a file.
    pub(super) fn workloads(&self, file: FileId) -> &[WorkloadId] {
        self.workloads
            .get(file.0 as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// Whether a deployment contains a file.
    pub(super) fn contains(&self, workload: WorkloadId, file: FileId) -> bool {
        let bits = self.files.get(workload.0 as usize);
        bits.is_some_and(|bits| bits.has(file.0 as usize))
    }
}

/// The files that each file imports in production.
fn imports(sites: &[Site]) -> BTreeMap<FileId, Vec<FileId>> {
    let mut imports: BTreeMap<FileId, Vec<FileId>> = BTreeMap::new();
    for site in sites {
        let is_code = matches!(site.context, Context::Production | Context::Generated);
        if let Some(from) = site
            .from_file
            .filter(|_| is_code && site.kind.group() == "link")
        {
            let list = imports.entry(from).or_default();
            list.extend(site.to_files.iter().filter(|to| **to != from));
        }
    }
    for list in imports.values_mut() {
        list.sort();
        list.dedup();
    }
    imports
}

/// The files of one deployment.
fn contained(
    (component, program): (ComponentId, Option<&Vec<FileId>>),
    whole: &BTreeSet<(ComponentId, ComponentId)>,
    files_of: &HashMap<ComponentId, Vec<FileId>>,
    imports: &BTreeMap<FileId, Vec<FileId>>,
    files: usize,
) -> Bits {
    let mut bits = Bits::new(files);
    let mut open: Vec<FileId> = Vec::new();
    let mut components = vec![component];
    let mut seen = BTreeSet::from([component]);
    while let Some(at) = components.pop() {
        // Of code with several programs, the program alone.
        let is_shared = program.is_some() && whole.contains(&(component, at));
        match program.filter(|_| is_shared) {
            Some(program) => open.extend(program),
            None => open.extend(files_of.get(&at).into_iter().flatten()),
        }
        let links = whole.range((at, ComponentId(0))..=(at, ComponentId(u32::MAX)));
        components.extend(links.map(|(_, to)| *to).filter(|to| seen.insert(*to)));
    }
    while let Some(file) = open.pop() {
        if bits.set(file.0 as usize) {
            open.extend(imports.get(&file).into_iter().flatten());
        }
    }
    bits
}

/// A set of small numbers.
#[derive(Clone, Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    /// Whether the number was not there yet.
    fn set(&mut self, number: usize) -> bool {
        let (word, bit) = (&mut self.0[number / 64], 1 << (number % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn has(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            (0..64)
                .filter(move |bit| bits & (1 << bit) != 0)
                .map(move |bit| word * 64 + bit)
        })
    }
}
