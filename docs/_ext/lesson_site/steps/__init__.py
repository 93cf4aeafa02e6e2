"""What the site adds to the pages of the steps: cards, glossary links, position."""
