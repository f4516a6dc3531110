//! Which entry of a directory does a distinguished name stand for?
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc4514>

/// A distinguished name in a form that is the same for all spellings of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dn {
    /// Lower case, without spaces around signs; what is escaped in the original is escaped by `\` alone.
    pub(super) text: String,
    /// The first part, when it is a login.
    login: Option<String>,
}

impl Dn {
    /// Reads a name; of a name with an optional UID (`#'01'B` behind it) that is left out.
    pub(super) fn read(text: &str) -> Self {
        let parts = split(text.trim(), &[',']);
        let mut login = None;
        let mut normal: Vec<String> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let pairs = split(part, &['+']);
            let mut pairs: Vec<String> = pairs
                .iter()
                .filter(|pair| !pair.trim().is_empty())
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
                    let value = plain(without_uid(value.trim()));
                    if index == 0 && name.trim().eq_ignore_ascii_case("uid") {
                        login = Some(value.clone());
                    }
                    format!("{}={}", name.trim(), escaped(&value)).to_lowercase()
                })
                .collect();
            // The pairs of one part have no order.
            pairs.sort();
            if !pairs.is_empty() {
                normal.push(pairs.join("+"));
            }
        }
        Self {
            text: normal.join(","),
            login,
        }
    }

    /// The login that the name itself tells.
    pub(super) fn login(&self) -> Option<&str> {
        self.login.as_deref()
    }
}

/// The parts between signs that are not escaped.
fn split<'a>(text: &'a str, signs: &[char]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            letter if signs.contains(&letter) => {
                parts.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn without_uid(value: &str) -> &str {
    match value.rsplit_once("#'") {
        Some((name, bits)) if bits.ends_with("'B") => name,
        _ => value,
    }
}

/// A value without its escapes: `\,` and `\2C` are both a comma.
fn plain(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let code = behind
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.extend(behind.first());
                rest = behind.get(1..).unwrap_or_default();
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, ',' | '+' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Dn;

    #[test]
    fn spellings_of_one_name_are_one() {
        let text = |dn| Dn::read(dn).text;
        assert_eq!(text("CN=Cart , DC = acme"), "cn=cart,dc=acme");
        assert_eq!(
            text("cn=Doe\\, Ada,dc=acme"),
            text("cn=Doe\\2C Ada,dc=acme")
        );
        assert_ne!(text("cn=a\\,b=c"), text("cn=a,b=c"));
        assert_eq!(text("uid=a+cn=b,dc=x"), text("cn=b+uid=a,dc=x"));
        assert_eq!(text("cn=a#'0101'B"), "cn=a");
        assert_eq!(text(""), "");
        assert_eq!(text("cn=\\"), "cn=");
    }

    #[test]
    fn logins_are_the_first_part() {
        assert_eq!(Dn::read("UID=Ada,ou=People").login(), Some("Ada"));
        assert_eq!(Dn::read("cn=Ada,uid=people").login(), None);
    }
}
