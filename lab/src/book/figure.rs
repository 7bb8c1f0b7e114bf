//! `{{#figure name "what it shows" "an optional caption"}}`: a picture in the page.
//!
//! The SVG goes into the page itself and not behind an `<img>`, because only there the
//! theme's colours reach it. Its ids are made unique, so that two figures of a page may
//! both call an arrowhead `arrow`.

use std::fs;
use std::path::Path;

use super::html::{caption, escape};

/// The HTML of a figure of the page's chapter, without a blank line in it.
pub(super) fn html(
    root: &Path,
    page: &str,
    argument: &str,
) -> Result<String, String> {
    let (name, alternative, below) = arguments(argument)?;
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let file = folder.join("figures").join(format!("{name}.svg"));
    let shown = file.display();
    let text = fs::read_to_string(root.join(&file))
        .map_err(|error| format!("the figure {shown} cannot be read: {error}"))?;
    let svg = picture(&text).map_err(|why| format!("{shown}: {why}"))?;
    let svg = with_own_ids(svg, name);
    let alternative = escape(alternative);
    let svg = svg.replacen(
        "<svg",
        &format!("<svg role=\"img\" aria-label=\"{alternative}\""),
        1,
    );
    let below = match below {
        Some(below) => format!("\n<figcaption>{}</figcaption>", caption(below)),
        None => String::new(),
    };
    Ok(format!(
        "<figure class=\"figure\" id=\"fig-{name}\">\n{svg}{below}\n</figure>\n"
    ))
}

type Arguments<'a> = (&'a str, &'a str, Option<&'a str>);

fn arguments(argument: &str) -> Result<Arguments<'_>, String> {
    let form = "write `{{#figure name \"what it shows\" \"caption\"}}`; the caption may \
                be missing, the words for those who do not see it may not";
    let (name, texts) = argument.split_once(' ').ok_or(form)?;
    let texts: Vec<&str> = texts.trim().split('"').collect();
    match texts[..] {
        ["", alternative, ""] if !alternative.is_empty() => {
            Ok((name, alternative, None))
        }
        ["", alternative, " ", below, ""] if !alternative.is_empty() => {
            Ok((name, alternative, Some(below)))
        }
        _ => Err(form.to_owned()),
    }
}

/// The `<svg>` element, checked, its blank lines gone: one would end the HTML block.
fn picture(text: &str) -> Result<String, String> {
    let start = text.find("<svg").ok_or("there is no <svg> in it")?;
    let svg = text[start..].trim_end();
    let tag = &svg[..svg.find('>').unwrap_or(svg.len())];
    for (mark, why) in [
        ("role=", "leave `role` to the directive"),
        ("aria-label=", "leave `aria-label` to the directive"),
        (
            "width=",
            "leave out `width`; the page decides it, `viewBox` is enough",
        ),
    ] {
        if tag.contains(&format!(" {mark}")) {
            return Err(why.to_owned());
        }
    }
    if !tag.contains("viewBox=") {
        return Err("give the <svg> a `viewBox`".to_owned());
    }
    if svg.contains("<script") || svg.contains("<style") {
        return Err("a figure has neither script nor style; use the classes of \
                    lab/web/kettle.css"
            .to_owned());
    }
    let lines = svg.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn with_own_ids(svg: String, name: &str) -> String {
    svg.replace(" id=\"", &format!(" id=\"fig-{name}-"))
        .replace("url(#", &format!("url(#fig-{name}-"))
        .replace("href=\"#", &format!("href=\"#fig-{name}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_speaks_to_those_who_do_not_see_it() {
        assert_eq!(arguments("x \"A trip\""), Ok(("x", "A trip", None)));
        assert_eq!(arguments("x \"A\" \"B\""), Ok(("x", "A", Some("B"))));
        assert!(arguments("x").is_err());
        assert!(arguments("x \"\"").is_err());
    }

    #[test]
    fn ids_become_the_figures_own() {
        let svg =
            "<svg viewBox=\"0 0 1 1\"><path id=\"a\" fill=\"url(#a)\"/></svg>";
        let own = with_own_ids(svg.to_owned(), "trip");
        assert!(
            own.contains("id=\"fig-trip-a\"") && own.contains("url(#fig-trip-a)")
        );
    }

    #[test]
    fn a_picture_without_a_view_box_or_with_a_style_is_refused() {
        assert!(picture("<svg></svg>").is_err());
        assert!(picture("<svg viewBox=\"0 0 1 1\"><style></style></svg>").is_err());
        let spaced = "<?xml?><svg viewBox=\"0 0 1 1\">\n\n<g/></svg>\n";
        assert_eq!(
            picture(spaced).as_deref(),
            Ok("<svg viewBox=\"0 0 1 1\">\n<g/></svg>")
        );
    }
}
