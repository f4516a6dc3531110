//! The classes of one file with their fields, methods and annotations, as far as names in them may lead somewhere.

use std::ops::Range;

use super::source::Source;

/// The most declarations of one file.
const DECLARATIONS: usize = 1 << 14;

/// The longest name that nested classes may come to.
const LONGEST: usize = 512;

/// An annotation with what stands in its brackets.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    /// Without its package.
    pub(super) name: String,
    /// The tokens between its brackets.
    pub(super) args: Range<usize>,
    /// All of its tokens.
    pub(super) tokens: Range<usize>,
}

/// A parameter, a field, a property.
#[derive(Clone, Debug, Default)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The type without its arguments; empty when the file does not tell.
    pub(super) ty: String,
    pub(super) annotations: Vec<Annotation>,
    /// What it is set to where it is declared.
    pub(super) value: Option<Range<usize>>,
    /// Whether it belongs to the class and not to its objects.
    pub(super) is_static: bool,
}

/// A method, a constructor, a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) annotations: Vec<Annotation>,
    pub(super) params: Vec<Variable>,
    /// The tokens of its body, without braces; of an expression that it is.
    pub(super) body: Range<usize>,
    /// The body is an expression.
    pub(super) is_expression: bool,
}

/// A class, an interface, an object; the first one of a file stands for what lies outside of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// With its package and the classes around it.
    pub(super) full: String,
    pub(super) name: String,
    pub(super) is_interface: bool,
    pub(super) annotations: Vec<Annotation>,
    /// The types that it extends, without their arguments.
    pub(super) supers: Vec<String>,
    /// Parameters of the constructor that stands in the head.
    pub(super) params: Vec<Variable>,
    pub(super) fields: Vec<Variable>,
    pub(super) methods: Vec<Method>,
    pub(super) outer: Option<usize>,
    /// The first token.
    pub(super) at: usize,
}

/// What one file declares.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) package: String,
    /// Full names; a star stands for all of a package.
    pub(super) imports: Vec<Import>,
    pub(super) classes: Vec<Class>,
    pub(super) full: bool,
}

#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) alias: String,
    pub(super) is_static: bool,
}

/// Reads the declarations of a file.
pub(super) fn read(source: &Source<'_>) -> Outline {
    let mut outline = Outline::default();
    let start = head(source, &mut outline);
    let package = outline.package.clone();
    outline.classes.push(Class {
        full: package,
        ..Class::default()
    });
    // Bodies that are still to be read, each with its class.
    let mut open = vec![(0usize, start..source.len())];
    let mut count = 0;
    while let Some((class, body)) = open.pop() {
        let mut reader = Members {
            source,
            outline: &mut outline,
            class,
            open: &mut open,
            count: &mut count,
            pending: Vec::new(),
        };
        reader.members(body);
    }
    outline.full = count > DECLARATIONS;
    outline
}

/// The package and the imports, and where they end.
fn head(source: &Source<'_>, outline: &mut Outline) -> usize {
    let mut at = 0;
    let mut end = 0;
    while at < source.len() {
        match source.word(at) {
            "package" => {
                if let Some((name, next)) = source.dotted(at + 1) {
                    outline.package = name;
                    at = next;
                    end = at;
                    continue;
                }
            }
            "import" => {
                let is_static = source.is_word(at + 1, "static");
                let from = at + 1 + usize::from(is_static);
                if let Some((mut name, mut next)) = source.dotted(from) {
                    if source.is(next, b'.') && source.is(next + 1, b'*') {
                        name.push_str(".*");
                        next += 2;
                    }
                    let mut alias = name.rsplit('.').next().unwrap_or_default().to_owned();
                    if source.is_kotlin() && source.is_word(next, "as") {
                        alias = source.word(next + 1).to_owned();
                        next += 2;
                    }
                    outline.imports.push(Import {
                        name,
                        alias,
                        is_static,
                    });
                    at = next;
                    end = at;
                    continue;
                }
            }
            "class" | "interface" | "object" | "enum" | "record" | "fun" | "val" => break,
            _ => {}
        }
        at = match source.is(at, b'{') {
            true => break,
            false => at + 1,
        };
    }
    end
}

/// Reads what stands in one body.
struct Members<'a, 't> {
    source: &'a Source<'t>,
    outline: &'a mut Outline,
    class: usize,
    open: &'a mut Vec<(usize, Range<usize>)>,
    count: &'a mut usize,
    /// Annotations of what comes next.
    pending: Vec<Annotation>,
}

impl Members<'_, '_> {
    fn members(&mut self, body: Range<usize>) {
        let mut at = body.start;
        // Where the declaration starts that is being read.
        let mut start = at;
        while at < body.end {
            if *self.count > DECLARATIONS {
                return;
            }
            let next = self.member(start, at, body.end);
            match next {
                Step::Inside(next) => at = next.max(at + 1),
                Step::Done(next) => {
                    at = next.max(at + 1);
                    start = at;
                    self.pending.clear();
                }
            }
        }
    }

    fn member(&mut self, start: usize, at: usize, end: usize) -> Step {
        let source = self.source;
        if source.is(at, b'@') && !source.is_word(at + 1, "interface") {
            return match annotation(source, at) {
                Some(found) => {
                    let next = found.tokens.end;
                    self.pending.push(found);
                    Step::Inside(next)
                }
                None => Step::Inside(at + 1),
            };
        }
        match source.word(at) {
            "class" | "interface" | "enum" | "record" | "object"
                if !source.is(at.wrapping_sub(1), b'.') && !source.is(at.wrapping_sub(1), b':') =>
            {
                // `enum class`, and names that are such words.
                let is_kotlin = source.is_kotlin();
                if is_kotlin && matches!(source.word(at + 1), "class" | "interface") {
                    return Step::Inside(at + 1);
                }
                let is_object = source.is_word(at, "object");
                if (is_object || source.is_word(at, "record"))
                    && !is_kotlin
                    && source.word(at + 1).is_empty()
                {
                    return Step::Inside(at + 1);
                }
                return self.class(at, end);
            }
            "fun" if source.is_kotlin() => return self.function(at, end),
            "val" | "var" if source.is_kotlin() => return self.property(at, end),
            _ => {}
        }
        if source.is(at, b';') {
            let name = at.wrapping_sub(1);
            if !source.is_kotlin() && !source.is(name.wrapping_sub(1), b'=') {
                self.field(start, at, None);
            }
            return Step::Done(at + 1);
        }
        // Initialisers, and constructors of Kotlin: statements with a scope of their own.
        if source.is(at, b'{') {
            let inside = source.inside(at);
            let next = inside.end + 1;
            self.push_method(Method {
                name: "<init>".to_owned(),
                body: inside,
                ..Method::default()
            });
            return Step::Done(next);
        }
        if source.is_kotlin() {
            if source.is(at, b'(') && source.is_word(at.wrapping_sub(1), "constructor") {
                let params = self.params(source.inside(at));
                let mut next = source.after(at);
                while next < end && !source.is(next, b'{') && !source.is_fresh(next) {
                    next = source.after(next);
                }
                if source.is(next, b'{') {
                    let body = source.inside(next);
                    let done = body.end + 1;
                    self.push_method(Method {
                        name: "<init>".to_owned(),
                        params,
                        body,
                        ..Method::default()
                    });
                    return Step::Done(done);
                }
                return Step::Done(next);
            }
            return Step::Inside(source.after(at));
        }
        if source.is(at, b'=') {
            let mut close = at + 1;
            while close < end && !source.is_any(close, b";,") {
                close = match source.is(close, b'<') {
                    true => source.after_types(close).unwrap_or(close + 1),
                    false => source.after(close),
                };
            }
            self.field(start, at, Some(at + 1..close.min(end)));
            return match source.is(close, b',') {
                true => Step::Inside(close + 1),
                false => Step::Done(close + 1),
            };
        }
        if source.is(at, b'(') && !source.word(at.wrapping_sub(1)).is_empty() {
            return self.method(start, at, end);
        }
        if source.is(at, b'<') {
            return Step::Inside(source.after_types(at).unwrap_or(at + 1));
        }
        Step::Inside(source.after(at))
    }

    fn push_method(&mut self, method: Method) {
        *self.count += 1;
        self.outline.classes[self.class].methods.push(method);
    }

    /// `Type name;`, `Type name = value;`
    fn field(&mut self, start: usize, at: usize, value: Option<Range<usize>>) {
        let name = self.source.word(at.wrapping_sub(1));
        if name.is_empty() || at <= start + 1 {
            return;
        }
        *self.count += 1;
        let variable = Variable {
            name: name.to_owned(),
            ty: type_before(self.source, start, at - 1),
            annotations: std::mem::take(&mut self.pending),
            value,
            is_static: (start..at).any(|at| self.source.is_word(at, "static")),
        };
        self.outline.classes[self.class].fields.push(variable);
    }

    /// A method or constructor of Java, at the bracket of its parameters.
    fn method(&mut self, start: usize, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut next = source.after(at);
        // `throws A, B`, and the default of a value in an annotation.
        while next < end && !source.is(next, b'{') && !source.is(next, b';') {
            if source.word(next).is_empty() && !source.is_any(next, b".,@[]") {
                break;
            }
            next = source.after(next);
        }
        let body = match source.is(next, b'{') {
            true => source.inside(next),
            false => next..next,
        };
        let method = Method {
            name: source.word(at - 1).to_owned(),
            ty: type_before(source, start, at - 1),
            annotations: std::mem::take(&mut self.pending),
            params: self.params(source.inside(at)),
            body: body.clone(),
            is_expression: false,
        };
        self.push_method(method);
        Step::Done(body.end + 1)
    }

    /// `fun <T> Type.name(params): Type { … }` or `= …`
    fn function(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut open = at + 1;
        while open < end && !source.is(open, b'(') {
            if source.is(open, b'<') {
                open = source.after_types(open).unwrap_or(open + 1);
            } else if source.is_any(open, b"{};=") {
                return Step::Inside(open);
            } else {
                open += 1;
            }
        }
        let annotations = std::mem::take(&mut self.pending);
        let params = self.params(source.inside(open));
        let mut next = source.after(open);
        let mut ty = String::new();
        if source.is(next, b':') {
            let (found, behind) = type_at(source, next + 1);
            ty = found;
            next = behind;
        }
        let mut method = Method {
            name: source.word(open - 1).to_owned(),
            ty,
            annotations,
            params,
            body: next..next,
            is_expression: false,
        };
        if source.is(next, b'{') {
            method.body = source.inside(next);
            next = method.body.end + 1;
        } else if source.is(next, b'=') {
            next = expression_end(source, next + 1, end);
            method.body = method.body.start + 1..next;
            method.is_expression = true;
        }
        self.push_method(method);
        Step::Done(next)
    }

    /// `val name: Type = value`
    fn property(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut name = at + 1;
        if source.is(name, b'<') {
            name = source.after_types(name).unwrap_or(name + 1);
        }
        let mut next = name + 1;
        while source.is(next, b'.') {
            next += 2;
        }
        let called = source.word(next - 1).to_owned();
        let mut ty = String::new();
        if source.is(next, b':') {
            let (found, behind) = type_at(source, next + 1);
            ty = found;
            next = behind;
        }
        let mut value = None;
        if source.is(next, b'=') || source.is_word(next, "by") {
            let done = expression_end(source, next + 1, end);
            value = Some(next + 1..done);
            next = done;
        } else if source.is_word(next, "get") && source.is(next + 1, b'(') {
            let body = source.after(next + 1);
            if source.is(body, b'=') {
                let done = expression_end(source, body + 1, end);
                value = Some(body + 1..done);
                next = done;
            }
        }
        *self.count += 1;
        let variable = Variable {
            name: called,
            ty,
            annotations: std::mem::take(&mut self.pending),
            value,
            is_static: source.is_word(at.wrapping_sub(1), "const"),
        };
        self.outline.classes[self.class].fields.push(variable);
        Step::Done(next)
    }

    fn params(&mut self, tokens: Range<usize>) -> Vec<Variable> {
        let source = self.source;
        let mut params = Vec::new();
        for part in source.split(tokens, b',') {
            let mut at = part.start;
            let mut annotations = Vec::new();
            while source.is(at, b'@') {
                match annotation(source, at) {
                    Some(found) => {
                        at = found.tokens.end;
                        annotations.push(found);
                    }
                    None => break,
                }
            }
            let mut variable = Variable {
                annotations,
                ..Variable::default()
            };
            if source.is_kotlin() {
                let colon = (at..part.end).find(|at| source.is(*at, b':'));
                if let Some(colon) = colon {
                    source.word(colon - 1).clone_into(&mut variable.name);
                    let (ty, next) = type_at(source, colon + 1);
                    variable.ty = ty;
                    if source.is(next, b'=') {
                        variable.value = Some(next + 1..part.end);
                    }
                }
            } else {
                let name = part.end.saturating_sub(1);
                source.word(name).clone_into(&mut variable.name);
                variable.ty = type_before(source, at, name);
            }
            params.push(variable);
        }
        params
    }

    /// A class at its keyword.
    fn class(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let outer = &self.outline.classes[self.class];
        let keyword = source.word(at);
        let mut next = at + 1;
        let mut name = source.word(next).to_owned();
        // `companion object {`: its members are those of the class around it.
        let is_companion = keyword == "object" && source.is_word(at.wrapping_sub(1), "companion");
        if !name.is_empty() {
            next += 1;
        }
        let nameless = is_companion || name.is_empty() || outer.full.len() > LONGEST;
        let full = match (outer.full.is_empty(), nameless) {
            (_, true) => outer.full.clone(),
            (true, false) => name.clone(),
            (false, false) => format!("{}.{name}", outer.full),
        };
        if is_companion {
            name.clear();
        }
        let mut class = Class {
            full,
            name,
            is_interface: keyword == "interface",
            annotations: std::mem::take(&mut self.pending),
            outer: Some(self.class),
            at,
            ..Class::default()
        };
        if source.is(next, b'<') {
            next = source.after_types(next).unwrap_or(next + 1);
        }
        let mut supers = false;
        while next < end {
            if source.is(next, b'{') {
                break;
            }
            if source.is(next, b';') {
                self.push_class(class, next..next);
                return Step::Done(next + 1);
            }
            if source.is(next, b'(') && !supers {
                class.params = self.params(source.inside(next));
                next = source.after(next);
                continue;
            }
            // In Kotlin a class may have no body, and what stands in the next line is something else.
            if source.is_kotlin()
                && source.is_fresh(next)
                && !source.is_any(next, b":,{(")
                && !source.is_any(next.wrapping_sub(1), b":,(")
                && !source.is_word(next, "where")
                && !source.is_word(next, "constructor")
                && !source.is(next, b'@')
            {
                self.push_class(class, next..next);
                return Step::Done(next);
            }
            if source.is(next, b'@') {
                next = annotation(source, next).map_or(next + 1, |found| found.tokens.end);
                continue;
            }
            match source.word(next) {
                "extends" | "implements" => supers = true,
                "" if source.is_kotlin() && source.is(next, b':') => supers = true,
                "" => {}
                _ if supers => {
                    if let Some((name, behind)) = source.dotted(next) {
                        class.supers.push(name);
                        next = behind;
                        if source.is(next, b'<') {
                            next = source.after_types(next).unwrap_or(next + 1);
                        }
                        continue;
                    }
                }
                _ => {}
            }
            next = source.after(next);
        }
        let body = match source.is(next, b'{') {
            true => source.inside(next),
            false => end..end,
        };
        let done = body.end + 1;
        // Values of an enumeration stand in front of its members.
        let mut members = body;
        if keyword == "enum" || source.is_word(at.wrapping_sub(1), "enum") {
            let mut open = members.start;
            while open < members.end && !source.is(open, b';') {
                open = source.after(open);
            }
            members.start = (open + 1).min(members.end);
        }
        self.push_class(class, members);
        Step::Done(done)
    }

    fn push_class(&mut self, class: Class, body: Range<usize>) {
        *self.count += 1;
        self.outline.classes.push(class);
        self.open.push((self.outline.classes.len() - 1, body));
    }
}

/// What comes after a token was looked at.
enum Step {
    /// The declaration goes on.
    Inside(usize),
    Done(usize),
}

/// The annotation at a sign.
pub(super) fn annotation(source: &Source<'_>, at: usize) -> Option<Annotation> {
    let mut start = at + 1;
    // `@field:Value`, `@get:Value`.
    if source.is_kotlin() && source.is(start + 1, b':') {
        start += 2;
    }
    let (name, mut next) = source.dotted(start)?;
    let mut args = next..next;
    if source.is(next, b'(') {
        args = source.inside(next);
        next = source.after(next);
    }
    Some(Annotation {
        name: name.rsplit('.').next().unwrap_or_default().to_owned(),
        args,
        tokens: at..next,
    })
}

/// The type whose last token stands in front of a place: `List<String> name` gives `List`.
pub(super) fn type_before(source: &Source<'_>, start: usize, at: usize) -> String {
    let mut end = at;
    while end > start && source.is_any(end - 1, b"[].") {
        end -= 1;
    }
    if end > start && source.is(end - 1, b'>') {
        let mut depth = 0usize;
        while end > start {
            end -= 1;
            if source.is(end, b'>') {
                depth += 1;
            } else if source.is(end, b'<') {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
        }
    }
    let mut name = String::new();
    while end > start {
        let word = source.word(end - 1);
        if word.is_empty() {
            break;
        }
        name = match name.is_empty() {
            true => word.to_owned(),
            false => format!("{word}.{name}"),
        };
        if end >= start + 3 && source.is(end - 2, b'.') {
            end -= 2;
        } else {
            break;
        }
    }
    name
}

/// The type that starts at a place, and what comes behind it.
pub(super) fn type_at(source: &Source<'_>, at: usize) -> (String, usize) {
    match source.dotted(at) {
        Some((name, mut next)) => {
            if source.is(next, b'<') {
                next = source.after_types(next).unwrap_or(next + 1);
            }
            if source.is(next, b'?') {
                next += 1;
            }
            (name, next)
        }
        None => (String::new(), source.after(at)),
    }
}

/// Where an expression of Kotlin ends: at the first line that does not go on with it.
pub(super) fn expression_end(source: &Source<'_>, start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end {
        if source.is(at, b';') || source.is_any(at, b"})]") {
            return at;
        }
        if at > start && source.is_fresh(at) {
            let goes_on = source.is_any(at, b".?:+-*/%&|=<>,")
                || matches!(source.word(at), "as" | "else" | "in" | "is");
            let is_open = source.is_any(at - 1, b"=+-*/%&|<,.?:")
                || matches!(
                    source.word(at - 1),
                    "as" | "else" | "by" | "in" | "is" | "return"
                );
            if !goes_on && !is_open {
                return at;
            }
        }
        at = source.after(at);
    }
    end
}

impl Class {
    pub(super) fn annotation(&self, name: &str) -> Option<&Annotation> {
        find(&self.annotations, name)
    }
}

/// The annotation of a name.
pub(super) fn find<'a>(annotations: &'a [Annotation], name: &str) -> Option<&'a Annotation> {
    annotations.iter().find(|one| one.name == name)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect;

    use super::*;
    use crate::extract::tokens::Dialect;

    fn outline(text: &str, dialect: Dialect) -> String {
        let outline = read(&Source::new(text.as_bytes(), dialect));
        let mut out = String::new();
        let names = |list: &[Annotation]| {
            let names: Vec<String> = list.iter().map(|one| format!("@{} ", one.name)).collect();
            names.concat()
        };
        let variables = |list: &[Variable]| {
            let names: Vec<String> = list
                .iter()
                .map(|one| format!("{}{}: {}", names(&one.annotations), one.name, one.ty))
                .collect();
            names.join(", ")
        };
        for class in &outline.classes {
            writeln!(
                out,
                "{}{} {:?} ({})",
                names(&class.annotations),
                class.full,
                class.supers,
                variables(&class.params)
            )
            .unwrap();
            writeln!(out, "  fields: {}.", variables(&class.fields)).unwrap();
            for method in &class.methods {
                let (name, ty) = (&method.name, &method.ty);
                let params = variables(&method.params);
                writeln!(
                    out,
                    "  {}{name}({params}): {ty}",
                    names(&method.annotations)
                )
                .unwrap();
            }
        }
        out
    }

    #[test]
    fn classes_of_java_are_read() {
        let text = r#"
package com.acme;
import static com.acme.Topics.ORDERS;
import java.util.*;
@RestController @RequestMapping(path = {"/a", "/b"})
public class Cart<T> extends Base<T> implements A.B, C {
  private static final Map<String, List<Integer>> M = Map.of("a", 1), N;
  @Value("${x}") private String url;
  int[] n;
  static { init(); }
  public Cart(@Value("${y}") String host, final RestTemplate rest) throws X { this.host = host; }
  @GetMapping("/{id}") public ResponseEntity<Item> get(@PathVariable long id) { return null; }
  abstract <K> void none();
  enum Kind { A("x") { void f() {} }, B; String text() { return ""; } }
  record Line(@NotNull String name, int count) { }
  @interface Mark { String value() default "x"; }
}
interface Api { @GET("x") Call<Item> get(); }
"#;
        expect![[r#"
            com.acme [] ()
              fields: .
            @RestController @RequestMapping com.acme.Cart ["Base", "A.B", "C"] ()
              fields: M: Map, N: , @Value url: String, n: int.
              <init>(): 
              Cart(@Value host: String, rest: RestTemplate): public
              @GetMapping get(@PathVariable id: long): ResponseEntity
              none(): void
            com.acme.Api [] ()
              fields: .
              @GET get(): Call
            com.acme.Cart.Kind [] ()
              fields: .
              text(): String
            com.acme.Cart.Line [] (@NotNull name: String, count: int)
              fields: .
            com.acme.Cart.Mark [] ()
              fields: .
              value(): String
        "#]]
        .assert_eq(&outline(text, Dialect::Java));
    }

    #[test]
    fn classes_of_kotlin_are_read() {
        let text = r#"
package com.acme
import com.acme.shared.TOPIC as T
const val HOST = "cart"
@FeignClient(name = "cart")
interface CartClient { @GetMapping("/x") fun items(@RequestParam q: String): List<Item> }
class Cart(
    @Value("\${cart.url}") private val url: String,
    val rest: RestTemplate = RestTemplate(),
) : Base(url), Api {
    private val base = "http://" +
        HOST
    val full: String get() = base
    fun get(id: Long): Item =
        rest.getForObject("$base/$id")
    companion object { const val TOPIC = "orders" }
}
data class Line(val n: Int)
fun main() { run() }
"#;
        expect![[r#"
            com.acme [] ()
              fields: HOST: .
              main(): 
            @FeignClient com.acme.CartClient [] ()
              fields: .
              @GetMapping items(@RequestParam q: String): List
            com.acme.Cart ["Base", "Api"] (@Value url: String, rest: RestTemplate)
              fields: base: , full: String.
              get(id: Long): Item
            com.acme.Line [] (n: Int)
              fields: .
            com.acme.Cart [] ()
              fields: TOPIC: .
        "#]]
        .assert_eq(&outline(text, Dialect::Kotlin));
    }

    #[test]
    fn hostile_texts_end() {
        for piece in [
            "class A { ",
            "@A(",
            "fun a(",
            "val x = ",
            "<",
            "class ",
            "}",
            "a(b) ",
            "=",
        ] {
            for dialect in [Dialect::Java, Dialect::Kotlin] {
                let text = piece.repeat(20_000);
                read(&Source::new(text.as_bytes(), dialect));
            }
        }
    }
}
