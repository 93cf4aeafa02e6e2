"""Parts of pages that compute or answer in the reader's browser: a folder for each."""
