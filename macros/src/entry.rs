//! The one expansion behind both attributes.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// What is wrong with the user's code, and where.
struct Mistake {
    at: Span,
    message: String,
}

/// What the arguments ask for.
#[derive(Default)]
struct Wishes {
    start_paused: bool,
}

/// `item`, made ordinary; or the item as it was and a compile error.
pub(crate) fn expand(
    attribute: &str,
    arguments: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let expanded = read_arguments(attribute, arguments)
        .and_then(|wishes| make_ordinary(attribute, &wishes, item.clone()));
    expanded.unwrap_or_else(|mistake| {
        let mut out = compile_error(&mistake);
        out.extend(item);
        out
    })
}

/// Accepts `flavor = "current_thread"` and `start_paused = true`, or nothing.
fn read_arguments(
    attribute: &str,
    arguments: TokenStream,
) -> Result<Wishes, Mistake> {
    let mut wishes = Wishes::default();
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    for argument in tokens.split(|token| is_punct(token, ',')) {
        let Some(name) = argument.first() else {
            continue;
        };
        let value = argument.get(2).filter(|_| argument.len() == 3);
        let text = value.map(ToString::to_string);
        match (name.to_string().as_str(), text.as_deref()) {
            ("flavor", Some("\"current_thread\"")) => {}
            ("flavor", _) => return Err(other_flavor(argument)),
            ("start_paused", Some("true")) => wishes.start_paused = true,
            ("start_paused", Some("false")) => wishes.start_paused = false,
            ("start_paused", _) => {
                let message = "start_paused is true or false";
                return Err(mistake(
                    argument.last().unwrap_or(name),
                    message.into(),
                ));
            }
            _ => {
                return Err(mistake(
                    name,
                    format!(
                        "#[kettle::{attribute}] does not know `{name}`; it takes \
                         flavor = \"current_thread\", start_paused = true, or nothing"
                    ),
                ));
            }
        }
    }
    Ok(wishes)
}

fn other_flavor(argument: &[TokenTree]) -> Mistake {
    mistake(
        argument.get(2).unwrap_or(&argument[0]),
        "Kettle runs on one thread, so the only flavor is \"current_thread\"; for \
         \"multi_thread\" use tokio, whose names are the same"
            .to_owned(),
    )
}

/// Drops `async` and puts the body under a `block_on`.
fn make_ordinary(
    attribute: &str,
    wishes: &Wishes,
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
    out.extend([TokenTree::Group(blocking_body(&body, wishes))]);
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
fn blocking_body(body: &Group, wishes: &Wishes) -> Group {
    let mut out = parse("let body = async");
    out.extend([TokenTree::Group(body.clone())]);
    let paused = match wishes.start_paused {
        true => ".start_paused(true)",
        false => "",
    };
    out.extend(parse(&format!(
        "; ::kettle::runtime::Builder::new_current_thread()
            .enable_all()
            {paused}
            .build()
            .expect(\"Kettle's runtime could not be built\")
            .block_on(body)"
    )));
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
