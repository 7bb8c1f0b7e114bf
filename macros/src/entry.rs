//! The one expansion behind both attributes.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// What is wrong with the user's code, and where.
struct Mistake {
    at: Span,
    message: String,
}

/// `item`, made ordinary; or the item as it was and a compile error.
pub(crate) fn expand(
    attribute: &str,
    arguments: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let expanded = check_arguments(attribute, arguments)
        .and_then(|()| make_ordinary(attribute, item.clone()));
    expanded.unwrap_or_else(|mistake| {
        let mut out = compile_error(&mistake);
        out.extend(item);
        out
    })
}

/// Accepts nothing, or `flavor = "current_thread"`.
fn check_arguments(attribute: &str, arguments: TokenStream) -> Result<(), Mistake> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    for argument in tokens.split(|token| is_punct(token, ',')) {
        let Some(name) = argument.first() else {
            continue;
        };
        if name.to_string() != "flavor" {
            return Err(mistake(
                name,
                format!(
                    "#[kettle::{attribute}] does not know `{name}`; it takes nothing, or \
                     flavor = \"current_thread\""
                ),
            ));
        }
        match argument.get(2).map(ToString::to_string).as_deref() {
            Some("\"current_thread\"") if argument.len() == 3 => {}
            _ => {
                let at = argument.get(2).unwrap_or(name);
                return Err(mistake(
                    at,
                    "Kettle runs on one thread, so the only flavor is \
                     \"current_thread\"; for \"multi_thread\" use tokio, whose names are \
                     the same"
                        .to_owned(),
                ));
            }
        }
    }
    Ok(())
}

/// Drops `async` and puts the body under a `block_on`.
fn make_ordinary(
    attribute: &str,
    item: TokenStream,
) -> Result<TokenStream, Mistake> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let function = tokens.iter().position(|token| is_ident(token, "fn"));
    let Some(function) = function else {
        return Err(Mistake {
            at: Span::call_site(),
            message: format!("#[kettle::{attribute}] stands on an `async fn`"),
        });
    };
    let is_async = |token: &TokenTree| is_ident(token, "async");
    let Some(asynchronous) = tokens[..function].iter().position(is_async) else {
        return Err(mistake(
            &tokens[function],
            format!(
                "#[kettle::{attribute}] needs an `async fn`: put `async` before `fn`"
            ),
        ));
    };
    check_parameters(attribute, &tokens[function..])?;
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return Err(mistake(
            &tokens[function],
            "this function has no body".to_owned(),
        ));
    };
    tokens.remove(asynchronous);
    let mut out = match attribute {
        "test" => parse("#[::core::prelude::v1::test]"),
        _ => TokenStream::new(),
    };
    out.extend(tokens);
    out.extend([TokenTree::Group(blocking_body(&body))]);
    Ok(out)
}

/// Nobody is there to pass arguments.
fn check_parameters(
    attribute: &str,
    function: &[TokenTree],
) -> Result<(), Mistake> {
    let parameters = function.iter().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group)
        }
        _ => None,
    });
    match parameters {
        Some(group) if !group.stream().is_empty() => Err(Mistake {
            at: group.span(),
            message: format!(
                "a #[kettle::{attribute}] function takes no parameters"
            ),
        }),
        _ => Ok(()),
    }
}

/// `{ let body = async BODY; Builder…build().expect(…).block_on(body) }`
fn blocking_body(body: &Group) -> Group {
    let mut out = parse("let body = async");
    out.extend([TokenTree::Group(body.clone())]);
    out.extend(parse(
        "; ::kettle::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect(\"Kettle's runtime could not be built\")
            .block_on(body)",
    ));
    let mut group = Group::new(Delimiter::Brace, out);
    // Messages about the body point at the body.
    group.set_span(body.span());
    group
}

fn compile_error(mistake: &Mistake) -> TokenStream {
    let text = format!("::core::compile_error!{{ {:?} }}", mistake.message);
    let spanned = |mut token: TokenTree| {
        token.set_span(mistake.at);
        token
    };
    parse(&text).into_iter().map(spanned).collect()
}

fn mistake(token: &TokenTree, message: String) -> Mistake {
    let at = token.span();
    Mistake { at, message }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if is_named(ident, name))
}

fn is_named(ident: &Ident, name: &str) -> bool {
    ident.to_string() == name
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == punct)
}

fn parse(code: &str) -> TokenStream {
    code.parse()
        .expect("the macro's own pieces of code are tokens")
}
