//! The items of a Rust file: what they are called, and on which lines they stand.

use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{
    Attribute, File, ImplItem, ItemImpl, ItemMacro, ItemMod, ItemTrait, TraitItem,
};

type Lines = RangeInclusive<usize>;

/// An item, a member of an `impl` or a trait, or one of the file's `use` lines.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// All names it answers to, the fullest first.
    names: Vec<String>,
    /// The `impl`, `trait` or `mod` around it.
    pub(super) within: Option<String>,
    /// Where it stands, counted from zero, its attributes included.
    pub(super) lines: Lines,
}

impl Item {
    /// Compares names as a reader would: blanks do not count.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let plain = without_blanks(name);
        self.names.iter().any(|own| without_blanks(own) == plain)
    }

    pub(super) fn full_name(&self) -> &str {
        &self.names[0]
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// What [`find`] found in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    /// What stands behind `#[cfg(test)]`.
    pub(super) tests: Vec<Lines>,
    /// Each `impl`, `trait` and `mod` with members, and where the members are.
    pub(super) shells: Vec<(Lines, Vec<Lines>)>,
}

/// Finds the items of a file.
pub(super) fn find(file: &File) -> Found {
    let mut found = Found::default();
    for attribute in file.attrs.iter().filter(|a| !a.path().is_ident("doc")) {
        found.add(vec!["use".to_owned()], None, attribute);
    }
    found.add_all(&file.items, &Scope::default());
    found
}

/// The modules around an item.
#[derive(Debug, Default)]
struct Scope {
    path: String,
    within: Option<String>,
}

impl Found {
    fn add(
        &mut self,
        names: Vec<String>,
        within: Option<String>,
        node: &impl Spanned,
    ) {
        let lines = lines(node);
        self.items.push(Item {
            names,
            within,
            lines,
        });
    }

    fn add_all(&mut self, items: &[syn::Item], scope: &Scope) {
        for item in items {
            if is_test(attributes(item)) {
                self.tests.push(lines(item));
                continue;
            }
            match item {
                syn::Item::Impl(item) => self.add_impl(item, scope),
                syn::Item::Trait(item) => self.add_trait(item, scope),
                syn::Item::Mod(item) => self.add_mod(item, scope),
                _ => {
                    let names = names(item).into_iter();
                    let names =
                        names.map(|name| scope.path.clone() + &name).collect();
                    self.add(names, scope.within.clone(), item);
                }
            }
        }
    }

    fn add_mod(&mut self, item: &ItemMod, scope: &Scope) {
        let name = format!("{}{}", scope.path, item.ident);
        let Some((_, items)) = &item.content else {
            return self.add(
                vec!["use".to_owned(), name],
                scope.within.clone(),
                item,
            );
        };
        self.add(vec![name.clone()], scope.within.clone(), item);
        self.shells
            .push((lines(item), items.iter().map(lines).collect()));
        let inner = Scope {
            path: name.clone() + "::",
            within: Some(format!("mod {name}")),
        };
        self.add_all(items, &inner);
    }

    fn add_trait(&mut self, item: &ItemTrait, scope: &Scope) {
        let name = format!("{}{}", scope.path, item.ident);
        self.add(vec![name.clone()], scope.within.clone(), item);
        self.shells
            .push((lines(item), item.items.iter().map(lines).collect()));
        for member in &item.items {
            let Some(ident) = trait_member(member) else {
                continue;
            };
            let within = Some(format!("trait {name}"));
            self.add(vec![format!("{name}::{ident}")], within, member);
        }
    }

    fn add_impl(&mut self, item: &ItemImpl, scope: &Scope) {
        let names = impl_names(item, &scope.path);
        let short = names.last().expect("an impl has at least one name").clone();
        self.add(names.clone(), scope.within.clone(), item);
        if !item.items.is_empty() {
            self.shells
                .push((lines(item), item.items.iter().map(lines).collect()));
        }
        for member in &item.items {
            let Some((ident, attributes)) = impl_member(member) else {
                continue;
            };
            if is_test(attributes) {
                self.tests.push(lines(member));
                continue;
            }
            let mut own: Vec<_> =
                names.iter().map(|n| format!("{n}::{ident}")).collect();
            own.push(format!(
                "{}{}::{ident}",
                scope.path,
                last_word(&item.self_ty)
            ));
            self.add(own, Some(short.clone()), member);
        }
    }
}

/// The names of an impl, from the fullest to the shortest.
fn impl_names(item: &ItemImpl, path: &str) -> Vec<String> {
    let types = [source(&item.self_ty), last_word(&item.self_ty)];
    let mut names: Vec<String> = match &item.trait_ {
        None => types.iter().map(|t| format!("{path}impl {t}")).collect(),
        Some((name, _)) => {
            let last = name.segments.last().expect("a path has a segment");
            let traits = [source(name), source(last), last.ident.to_string()];
            let pairs = traits
                .iter()
                .flat_map(|r| types.iter().map(move |t| (r, t)));
            pairs
                .map(|(r, t)| format!("{path}impl {r} for {t}"))
                .collect()
        }
    };
    names.dedup();
    names
}

fn names(item: &syn::Item) -> Vec<String> {
    use syn::Item::*;
    match item {
        Const(item) => vec![item.ident.to_string()],
        Enum(item) => vec![item.ident.to_string()],
        Fn(item) => vec![item.sig.ident.to_string()],
        Static(item) => vec![item.ident.to_string()],
        Struct(item) => vec![item.ident.to_string()],
        Type(item) => vec![item.ident.to_string()],
        Union(item) => vec![item.ident.to_string()],
        ExternCrate(_) | Use(_) => vec!["use".to_owned()],
        Macro(item) => macro_names(item),
        _ => vec![],
    }
}

/// `macro_rules! name`, or a call: what it declares, then the macro's own name.
fn macro_names(item: &ItemMacro) -> Vec<String> {
    if let Some(ident) = &item.ident {
        return vec![ident.to_string()];
    }
    let mut names = declared(item.mac.tokens.clone());
    let called = item
        .mac
        .path
        .segments
        .last()
        .map(|s| format!("{}!", s.ident));
    names.extend(called);
    names
}

fn declared(tokens: TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    let mut after_keyword = false;
    for token in tokens {
        let TokenTree::Ident(ident) = token else {
            after_keyword = false;
            continue;
        };
        let ident = ident.to_string();
        if after_keyword {
            words.push(ident);
            after_keyword = false;
        } else {
            after_keyword = matches!(&*ident, "struct" | "enum" | "static" | "fn");
        }
    }
    words
}

fn trait_member(member: &TraitItem) -> Option<String> {
    match member {
        TraitItem::Const(item) => Some(item.ident.to_string()),
        TraitItem::Fn(item) => Some(item.sig.ident.to_string()),
        TraitItem::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn impl_member(member: &ImplItem) -> Option<(String, &[Attribute])> {
    match member {
        ImplItem::Const(item) => Some((item.ident.to_string(), &item.attrs)),
        ImplItem::Fn(item) => Some((item.sig.ident.to_string(), &item.attrs)),
        ImplItem::Type(item) => Some((item.ident.to_string(), &item.attrs)),
        _ => None,
    }
}

fn attributes(item: &syn::Item) -> &[Attribute] {
    use syn::Item::*;
    match item {
        Const(item) => &item.attrs,
        Enum(item) => &item.attrs,
        Fn(item) => &item.attrs,
        Impl(item) => &item.attrs,
        Macro(item) => &item.attrs,
        Mod(item) => &item.attrs,
        Static(item) => &item.attrs,
        Struct(item) => &item.attrs,
        Trait(item) => &item.attrs,
        Type(item) => &item.attrs,
        Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|a| a.path().is_ident("test") || source(a) == "#[cfg(test)]")
}

fn lines(node: &impl Spanned) -> Lines {
    let span = node.span();
    span.start().line.saturating_sub(1)..=span.end().line.saturating_sub(1)
}

/// The node as it is written in the file.
fn source(node: &impl Spanned) -> String {
    node.span().source_text().unwrap_or_default()
}

/// `Foo` of `crate::foo::Foo<T>`.
fn last_word(ty: &syn::Type) -> String {
    match ty {
        syn::Type::Path(path) => match path.path.segments.last() {
            Some(segment) => segment.ident.to_string(),
            None => source(ty),
        },
        _ => source(ty),
    }
}

fn without_blanks(name: &str) -> String {
    name.split_whitespace().collect()
}
