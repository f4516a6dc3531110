//! Which mentions of a C# file show that it has tables or serves: items of well-known packages, under one name each.
//!
//! `MapGet` and its like are not among them: libraries that every service shares add such routes to a service that is there.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The mention (`:Base`, `[Attribute]`, `Type.Member`, `.Member`), the namespace that must be imported for it (empty: any), and the item.
const ITEMS: &[(&str, &str, &str)] = &[
    (
        ".MapGrpcService",
        "",
        "Microsoft.AspNetCore.Builder.MapGrpcService",
    ),
    (".Execute", "Dapper", "Dapper.Execute"),
    (".ExecuteAsync", "Dapper", "Dapper.ExecuteAsync"),
    (".Query", "Dapper", "Dapper.Query"),
    (".QueryAsync", "Dapper", "Dapper.QueryAsync"),
    (
        ".QueryFirstOrDefaultAsync",
        "Dapper",
        "Dapper.QueryFirstOrDefaultAsync",
    ),
    (".QueryMultipleAsync", "Dapper", "Dapper.QueryMultipleAsync"),
    (
        ".QuerySingleOrDefaultAsync",
        "Dapper",
        "Dapper.QuerySingleOrDefaultAsync",
    ),
    (
        ":ApiController",
        "System.Web.Http",
        "System.Web.Http.ApiController",
    ),
    (
        ":Controller",
        "Microsoft.AspNetCore.Mvc",
        "Microsoft.AspNetCore.Mvc.Controller",
    ),
    (
        ":ControllerBase",
        "",
        "Microsoft.AspNetCore.Mvc.ControllerBase",
    ),
    (":DbContext", "", "Microsoft.EntityFrameworkCore.DbContext"),
    (
        ":Hub",
        "Microsoft.AspNetCore.SignalR",
        "Microsoft.AspNetCore.SignalR.Hub",
    ),
    (
        ":IdentityDbContext",
        "",
        "Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityDbContext",
    ),
    (
        "WebApplication.CreateBuilder",
        "",
        "Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder",
    ),
    (
        "WebApplication.CreateSlimBuilder",
        "",
        "Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder",
    ),
    (
        "[ApiController]",
        "",
        "Microsoft.AspNetCore.Mvc.ApiController",
    ),
];

/// The items that a mention can be, with the namespace that must be imported.
pub(super) fn items(mention: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    ITEMS
        .iter()
        .filter(move |(known, ..)| *known == mention)
        .map(|(_, namespace, item)| (*namespace, *item))
}

/// The last words of all mentions, so that others cost nothing more.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let last = |mention: &'static str| mention.rsplit([':', '.', '[']).next();
    let words = ITEMS.iter().filter_map(|(mention, ..)| last(mention));
    words.map(|word| word.trim_end_matches(']')).collect()
});

/// Whether some mention ends with this word.
pub(super) fn is_known(word: &str) -> bool {
    WORDS.contains(word)
}
