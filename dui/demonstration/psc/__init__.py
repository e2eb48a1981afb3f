"""A local OpenID provider that speaks as Pro Santé Connect does, for the demo and the tests."""
