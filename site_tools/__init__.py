"""Scripts and hooks that make the site from the clauses, the results, the traces and the notebooks."""
