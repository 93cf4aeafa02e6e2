"""What the site adds to the pages of the steps: figures, cards, glossary links, position."""
