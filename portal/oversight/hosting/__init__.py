"""The register of the hosting: what it does for each school, with whom, and how it is secured (AVG art. 30(2))."""
