//! The items of a Rust file, and on which lines they stand.
//!
//! `syn` gives the places; `naming` gives the names.

use std::ops::RangeInclusive;

use syn::spanned::Spanned;
use syn::{Attribute, File, ItemImpl, ItemMod, ItemTrait};

use super::naming::{
    impl_member, impl_names, last_word, names, source, trait_member,
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

fn without_blanks(name: &str) -> String {
    name.split_whitespace().collect()
}
