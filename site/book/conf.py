"""What Sphinx is told; it runs on the folder that `builder/book.py` lays out."""

import os

project = "Tensor Monsters"
author = "Tensor Monsters contributors"
copyright = author
html_show_sphinx = False
html_show_copyright = False
extensions = ["myst_nb", "sphinx.ext.mathjax"]
html_theme = "sphinx_book_theme"
html_title = "Tensor Monsters"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = ["book.js"]
html_extra_path = ["_extra"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "navigation_with_keys": False,
    # The sheet's table needs the whole width.
    "secondary_sidebar_items": {"**": ["page-toc"], "docs/cheatsheet": []},
}
templates_path = ["_templates"]
html_context = {"default_mode": "auto",
                "site": os.environ.get("TENSOR_MONSTERS_SITE", "").rstrip("/")}
exclude_patterns = ["_extra", "_templates"]

# Outputs are those that the notebooks hold: nothing runs here.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

# One file of our own, no font, no request to another host.
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}, "svg": {"fontCache": "local"}}
mathjax_config = mathjax3_config
pygments_style = "a11y-high-contrast-light"
