"""What people do with customers beside registering them."""
