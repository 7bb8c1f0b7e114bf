//! What is wrong with the user's code, told by the compiler.

use proc_macro::{Span, TokenStream, TokenTree};

/// What is wrong, and where.
pub(crate) struct Mistake {
    at: Span,
    message: String,
}

impl Mistake {
    /// Something wrong with `token`.
    pub(crate) fn at(token: &TokenTree, message: String) -> Mistake {
        let at = token.span();
        Mistake { at, message }
    }

    /// Something wrong with the whole item.
    pub(crate) fn of_the_item(message: String) -> Mistake {
        let at = Span::call_site();
        Mistake { at, message }
    }

    /// The code that makes the compiler say it.
    pub(crate) fn into_error(self) -> TokenStream {
        let text = format!("::core::compile_error!{{ {:?} }}", self.message);
        let spanned = |mut token: TokenTree| {
            token.set_span(self.at);
            token
        };
        parse(&text).into_iter().map(spanned).collect()
    }
}

/// Whether `token` is this punctuation mark.
pub(crate) fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == punct)
}

/// Tokens of the macro's own.
pub(crate) fn parse(code: &str) -> TokenStream {
    code.parse()
        .expect("the macro's own pieces of code are tokens")
}
