//! The one expansion behind both attributes.

use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::arguments::Arguments;
use crate::mistake::{Mistake, is_punct, parse};

/// `item`, made ordinary. With a mistake, a compile error and what keeps the compiler from
/// complaining of the consequences.
pub(crate) fn expand(
    attribute: &str,
    arguments: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let (arguments, mut out) = match Arguments::read(attribute, arguments) {
        Ok(arguments) => (arguments, TokenStream::new()),
        Err(mistake) => (Arguments::default(), mistake.into_error()),
    };
    match make_ordinary(attribute, &arguments, item.clone()) {
        Ok(function) => out.extend(function),
        Err(mistake) => {
            out.extend(mistake.into_error());
            out.extend(stand_in(item));
        }
    }
    out
}

/// Drops `async` and puts the body under a `block_on`.
fn make_ordinary(
    attribute: &str,
    arguments: &Arguments,
    item: TokenStream,
) -> Result<TokenStream, Mistake> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(function) = position(&tokens, "fn") else {
        return Err(Mistake::of_the_item(format!(
            "#[kettle::{attribute}] stands on an `async fn`, and this is no function"
        )));
    };
    let Some(asynchronous) = position(&tokens[..function], "async") else {
        return Err(Mistake::at(
            &tokens[function],
            format!(
                "#[kettle::{attribute}] needs an `async fn`: put `async` before `fn`"
            ),
        ));
    };
    check_parameters(attribute, &tokens[function..])?;
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return Err(Mistake::at(
            &tokens[function],
            "this function has no body to run".to_owned(),
        ));
    };
    tokens.remove(asynchronous);
    let mut out = match attribute {
        "test" => parse("#[::core::prelude::v1::test]"),
        _ => TokenStream::new(),
    };
    out.extend(tokens);
    out.extend([TokenTree::Group(blocking_body(&body, arguments))]);
    Ok(out)
}

/// Nobody is there to pass arguments.
fn check_parameters(
    attribute: &str,
    function: &[TokenTree],
) -> Result<(), Mistake> {
    let parameters = function.iter().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some((token, group))
        }
        _ => None,
    });
    match parameters {
        Some((token, group)) if !group.stream().is_empty() => Err(Mistake::at(
            token,
            format!(
                "a #[kettle::{attribute}] function takes no parameters: there is \
                 nobody to pass them"
            ),
        )),
        _ => Ok(()),
    }
}

/// `{ let body = async BODY; Builder…build().expect(…).block_on(body) }`
fn blocking_body(body: &Group, arguments: &Arguments) -> Group {
    let mut out = parse("let body = async");
    out.extend([TokenTree::Group(body.clone())]);
    let path = &arguments.path;
    let paused = match arguments.start_paused {
        true => ".start_paused(true)",
        false => "",
    };
    let run = parse(&format!(
        "{path}::runtime::Builder::new_current_thread()
            .enable_all()
            {paused}
            .build()
            .expect(\"Kettle's runtime could not be built\")
            .block_on(body)"
    ));
    out.extend(parse(";"));
    out.extend(as_if_it_were_the_end_of(body, run));
    let mut group = Group::new(Delimiter::Brace, out);
    // Messages about the body point at the body.
    group.set_span(body.span());
    group
}

/// Lets what the compiler says of `code` point at the last expression of `body`: whoever
/// returns the wrong type has written it there.
fn as_if_it_were_the_end_of(body: &Group, code: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let end = tokens.rsplit(|token| is_punct(token, ';')).next();
    let (first, last) = match end {
        Some([one]) => (one.span(), one.span()),
        Some([first, .., last]) => (first.span(), last.span()),
        Some([]) | None => (body.span_close(), body.span_close()),
    };
    let place = |(at, mut token): (usize, TokenTree)| {
        let here = if at == 0 { first } else { last };
        token.set_span(Span::call_site().located_at(here));
        token
    };
    code.into_iter().enumerate().map(place).collect()
}

/// What stands for an item with a mistake: a program without `main` would be a second one.
fn stand_in(item: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let name = position(&tokens, "fn").and_then(|at| tokens.get(at + 1));
    match name.map(ToString::to_string).as_deref() {
        Some("main") => parse("fn main() {}"),
        _ => item,
    }
}

/// Where the identifier `name` stands.
fn position(tokens: &[TokenTree], name: &str) -> Option<usize> {
    tokens.iter().position(
        |token| matches!(token, TokenTree::Ident(it) if it.to_string() == name),
    )
}
