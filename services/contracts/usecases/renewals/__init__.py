"""What people and jobs do with renewals and ending warranties."""
