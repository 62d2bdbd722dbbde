//! Walks a tree beside its JSON Schema and finds every value that the schema does not allow.
//!
//! A parser stops at the first fault; this walk finds all of them, each with its key, value and allowed range. The same
//! schema serves editors (`assay schema`) and the words of `assay explain`, so a key is described once, in its Rust type.

use crate::config::problem::Diagnostic;
use crate::config::tree::Node;
use crate::config::tree::Value;
use serde_json::Value as Json;
use std::cmp::Ordering;

/// A JSON Schema, with its definitions at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'s> {
    root: &'s Json,
    here: &'s Json,
}

impl<'s> Schema<'s> {
    /// The schema of a whole document.
    pub(crate) fn new(root: &'s Json) -> Self {
        Self { root, here: root }
    }

    /// The schema at another of its places, references followed.
    pub(crate) fn at(self, here: &'s Json) -> Self {
        let mut schema = Self { here, ..self };
        while let Some(target) = schema.here.get("$ref").and_then(Json::as_str) {
            let pointer = target.trim_start_matches('#');
            schema.here = self.root.pointer(pointer).expect("schemars defines what it refers to");
        }
        let unions = schema.here.get("anyOf").and_then(Json::as_array);
        match unions.and_then(|each| each.iter().find(|s| s.get("type") != Some(&"null".into()))) {
            Some(inner) => self.at(inner),
            None => schema,
        }
    }

    /// Whether both are the same place of one schema.
    #[cfg(test)]
    pub(crate) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.here, other.here)
    }

    /// Whether the schema says `word` of this value itself.
    pub(crate) fn says(self, word: &str) -> bool {
        self.here.get(word).is_some()
    }

    /// What the schema says of a table's key, before references are followed: description and default stand here.
    pub(crate) fn property_raw(self, key: &str) -> Option<&'s Json> {
        self.here.get("properties")?.get(key)
    }

    /// The schema of a table's key, or of a family's member.
    pub(crate) fn property(self, key: &str) -> Option<Self> {
        let inner = match self.members() {
            Some(members) => members.into_iter().find(|(name, _)| *name == key).map(|(_, s)| s),
            None => self.property_raw(key),
        };
        inner.map(|s| self.at(s))
    }

    /// The schema of a list's items.
    pub(crate) fn items(self) -> Option<Self> {
        self.here.get("items").map(|s| self.at(s))
    }

    /// The members of a family: the externally tagged alternatives.
    pub(crate) fn members(self) -> Option<Vec<(&'s str, &'s Json)>> {
        let alternatives = self.here.get("oneOf")?.as_array()?;
        let tagged = |s: &'s Json| {
            let (name, inner) = s.get("properties")?.as_object()?.iter().next()?;
            Some((name.as_str(), inner))
        };
        alternatives.iter().map(tagged).collect()
    }

    /// What the schema says of a member of a family.
    pub(crate) fn member_about(self, name: &str) -> Option<&'s str> {
        let alternatives = self.here.get("oneOf")?.as_array()?;
        let is_own = |s: &&Json| s.get("properties").is_some_and(|inner| inner.get(name).is_some());
        alternatives.iter().find(is_own)?.get("description")?.as_str()
    }

    /// The words a string may be, when they are listed.
    fn words(self) -> Option<Vec<&'s str>> {
        if let Some(words) = self.here.get("enum").and_then(Json::as_array) {
            return words.iter().map(Json::as_str).collect();
        }
        let alternatives = self.here.get("oneOf")?.as_array()?;
        alternatives.iter().map(|s| s.get("const").and_then(Json::as_str)).collect()
    }

    fn has_type(self, name: &str) -> bool {
        match self.here.get("type") {
            Some(Json::String(own)) => own == name,
            Some(Json::Array(each)) => each.iter().any(|t| t == name),
            _ => false,
        }
    }

    /// The keys of a table, in the schema's order.
    pub(crate) fn keys(self) -> Vec<&'s str> {
        let properties = self.here.get("properties").and_then(Json::as_object);
        properties.map(|p| p.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// Whether a table must have this key.
    pub(crate) fn is_required(self, key: &str) -> bool {
        self.required().contains(&key)
    }

    /// What may stand here, in words.
    pub(crate) fn allowed(self) -> String {
        allowed_value(self)
    }

    fn required(self) -> Vec<&'s str> {
        let names = self.here.get("required").and_then(Json::as_array);
        names.map(|n| n.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
    }

    fn bound(self, name: &str) -> Option<&'s Json> {
        self.here.get(name).filter(|bound| bound.is_number())
    }
}

/// Everything in `node` that `schema` does not allow.
pub(crate) fn faults(schema: Schema<'_>, node: &Node) -> Vec<Diagnostic> {
    let mut walk = Walk { troubles: Vec::new() };
    walk.node(schema.at(schema.here), node, "");
    walk.troubles
}

struct Walk {
    troubles: Vec<Diagnostic>,
}

impl Walk {
    fn report(&mut self, node: &Node, key: &str, text: String) {
        self.troubles.push(Diagnostic { place: node.place.clone(), key: key.to_string(), text });
    }

    fn node(&mut self, schema: Schema<'_>, node: &Node, key: &str) {
        if let Some(members) = schema.members() {
            self.family(schema, &members, node, key);
        } else if let Some(words) = schema.words() {
            if !node.text().is_some_and(|text| words.contains(&text)) {
                let near = node.text().and_then(|t| nearest(t, &words)).unwrap_or_default();
                let allowed = words.join(", ");
                self.report(node, key, format!("is {}, allowed: {allowed}{near}", node.value));
            }
        } else if schema.has_type("object") {
            self.table(schema, node, key);
        } else if let Some(items) = schema.items() {
            self.list(schema, items, node, key);
        } else {
            self.scalar(schema, node, key);
        }
    }

    fn family(&mut self, schema: Schema<'_>, members: &[(&str, &Json)], node: &Node, key: &str) {
        let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
        let Value::Table(entries) = &node.value else {
            let near = node.text().and_then(|t| nearest(t, &names)).unwrap_or_default();
            let allowed = names.join(", ");
            let text = format!(
                "is {}, allowed: a table [{key}.NAME], NAME one of {allowed}{near}",
                node.value
            );
            return self.report(node, key, text);
        };
        if entries.len() != 1 {
            let text = format!("is {}, allowed: exactly one of {}", node.value, names.join(", "));
            return self.report(node, key, text);
        }
        let (name, inner) = &entries[0];
        if let Some(member) = schema.property(name) {
            self.node(member, inner, &join(key, name));
        } else {
            let near = nearest(name, &names).unwrap_or_default();
            let text = format!("unknown; allowed: {}{near}", names.join(", "));
            self.report(inner, &join(key, name), text);
        }
    }

    fn table(&mut self, schema: Schema<'_>, node: &Node, key: &str) {
        let Value::Table(entries) = &node.value else {
            return self.report(node, key, format!("is {}, allowed: a table", node.value));
        };
        let keys = schema.keys();
        for (name, inner) in entries {
            let path = join(key, name);
            if let Some(property) = schema.property(name) {
                self.node(property, inner, &path);
            } else {
                let near = nearest(name, &keys).unwrap_or_default();
                self.report(inner, &path, format!("unknown key; known: {}{near}", keys.join(", ")));
            }
        }
        for name in schema.required() {
            if node.get(name).is_none() {
                let about = schema.property_raw(name).and_then(|s| s.get("description"));
                let about = about.and_then(Json::as_str).unwrap_or_default().replace('\n', " ");
                let allowed = schema.property(name).map(allowed_value).unwrap_or_default();
                let text = format!("missing; allowed: {allowed}. {about}");
                self.report(node, &join(key, name), text);
            }
        }
    }

    fn list(&mut self, schema: Schema<'_>, items: Schema<'_>, node: &Node, key: &str) {
        let Value::Array(each) = &node.value else {
            return self.report(node, key, format!("is {}, allowed: a list", node.value));
        };
        let least = schema.here.get("minItems").and_then(Json::as_u64).unwrap_or(0);
        let count = u64::try_from(each.len()).expect("a length fits 64 bits");
        if count < least {
            self.report(node, key, format!("has {count} items, allowed: at least {least}"));
        }
        for (index, inner) in each.iter().enumerate() {
            let name = inner.get("name").and_then(Node::text);
            let place = name.map_or_else(|| index.to_string(), str::to_string);
            self.node(items, inner, &join(key, &place));
        }
    }

    fn scalar(&mut self, schema: Schema<'_>, node: &Node, key: &str) {
        let whole = schema.has_type("integer");
        let number = match &node.value {
            Value::Integer(number) if whole || schema.has_type("number") => Number::Whole(*number),
            Value::Float(number) if schema.has_type("number") => Number::Real(*number),
            Value::Boolean(_) if schema.has_type("boolean") => return,
            Value::Text(_) if schema.has_type("string") => return,
            other => {
                let allowed = allowed_scalar(schema);
                return self.report(node, key, format!("is {other}, allowed: {allowed}"));
            }
        };
        let is = |bound: &str, out: &[Ordering]| {
            schema.bound(bound).is_some_and(|bound| out.contains(&number.against(bound)))
        };
        let below = is("minimum", &[Ordering::Less])
            || is("exclusiveMinimum", &[Ordering::Less, Ordering::Equal]);
        let above = is("maximum", &[Ordering::Greater])
            || is("exclusiveMaximum", &[Ordering::Greater, Ordering::Equal]);
        if below || above || !number.is_finite() {
            let allowed = allowed_scalar(schema);
            self.report(node, key, format!("is {}, allowed: {allowed}", node.value));
        }
    }
}

/// A number as it is written: whole ones are compared exactly.
#[derive(Clone, Copy, Debug)]
enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    fn is_finite(self) -> bool {
        match self {
            Self::Whole(_) => true,
            Self::Real(number) => number.is_finite(),
        }
    }

    /// How it stands to a bound of the schema.
    fn against(self, bound: &Json) -> Ordering {
        let whole = bound.as_i64().map(i128::from).or_else(|| bound.as_u64().map(i128::from));
        match (self, whole) {
            (Self::Whole(number), Some(bound)) => i128::from(number).cmp(&bound),
            (Self::Whole(number), None) => as_float(number).total_cmp(&as_real(bound)),
            // A zero below zero is no less than zero.
            (Self::Real(number), _) => (number + 0.0).total_cmp(&as_real(bound)),
        }
    }
}

fn as_real(bound: &Json) -> f64 {
    bound.as_f64().expect("a bound is a number")
}

#[expect(clippy::cast_precision_loss, reason = "bounds with a fraction are far below 2^53")]
fn as_float(number: i64) -> f64 {
    number as f64
}

fn join(key: &str, name: &str) -> String {
    if key.is_empty() { name.to_string() } else { format!("{key}.{name}") }
}

/// What may stand at a key, in words.
fn allowed_value(schema: Schema<'_>) -> String {
    if let Some(members) = schema.members() {
        let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
        return format!("a table, one of {}", names.join(", "));
    }
    if let Some(words) = schema.words() {
        return format!("one of {}", words.join(", "));
    }
    match schema.items() {
        Some(_) => "a list".to_string(),
        None if schema.has_type("object") => "a table".to_string(),
        None => allowed_scalar(schema),
    }
}

/// The allowed type and range of a value, in words.
fn allowed_scalar(schema: Schema<'_>) -> String {
    let kinds =
        [("integer", "a whole number"), ("number", "a number"), ("boolean", "true or false")];
    let kind = kinds.iter().find(|(name, _)| schema.has_type(name)).map_or("text", |(_, say)| say);
    let bound = |name, say: &str| schema.bound(name).map(|b| format!("{say} {}", shown(b)));
    let least = bound("minimum", "from").or_else(|| bound("exclusiveMinimum", "above"));
    let most = bound("maximum", "to").or_else(|| bound("exclusiveMaximum", "below"));
    [Some(kind.to_string()), least, most].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A bound in words: whole numbers with all their digits.
fn shown(bound: &Json) -> String {
    match bound.as_f64() {
        Some(real) if bound.is_f64() => real.to_string(),
        _ => bound.to_string(),
    }
}

/// A hint at the word that was probably meant.
fn nearest(word: &str, known: &[&str]) -> Option<String> {
    /// Similarity from which a word is taken for a slip of another.
    const LIKELY: f64 = 0.8;
    let best = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)))?;
    (strsim::jaro_winkler(word, best) > LIKELY).then(|| format!(" (did you mean {best}?)"))
}
