"""What the reader does in a page, judged by what PyTorch has answered in the build."""
