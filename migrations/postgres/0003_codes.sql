-- Which request a one-time code was right for: the same request again, as a second press sends it, is right again.
ALTER TABLE otp ADD COLUMN used_by text COLLATE "C";
