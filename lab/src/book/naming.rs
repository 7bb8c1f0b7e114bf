//! What items are called: the words by which a page may ask for one.
//!
//! An item has one full name and, where that is a mouthful, shorter ones; a page takes
//! the shortest that is not ambiguous.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, ItemImpl, ItemMacro, TraitItem};

/// The names of an impl, from the fullest to the shortest.
pub(super) fn impl_names(item: &ItemImpl, path: &str) -> Vec<String> {
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

pub(super) fn names(item: &syn::Item) -> Vec<String> {
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

pub(super) fn trait_member(member: &TraitItem) -> Option<String> {
    match member {
        TraitItem::Const(item) => Some(item.ident.to_string()),
        TraitItem::Fn(item) => Some(item.sig.ident.to_string()),
        TraitItem::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

pub(super) fn impl_member(member: &ImplItem) -> Option<(String, &[Attribute])> {
    match member {
        ImplItem::Const(item) => Some((item.ident.to_string(), &item.attrs)),
        ImplItem::Fn(item) => Some((item.sig.ident.to_string(), &item.attrs)),
        ImplItem::Type(item) => Some((item.ident.to_string(), &item.attrs)),
        _ => None,
    }
}

/// The node as it is written in the file.
pub(super) fn source(node: &impl Spanned) -> String {
    node.span().source_text().unwrap_or_default()
}

/// `Foo` of `crate::foo::Foo<T>`.
pub(super) fn last_word(ty: &syn::Type) -> String {
    match ty {
        syn::Type::Path(path) => match path.path.segments.last() {
            Some(segment) => segment.ident.to_string(),
            None => source(ty),
        },
        _ => source(ty),
    }
}
