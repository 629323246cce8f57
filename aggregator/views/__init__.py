"""The pages people read. A view names what a page shows; what it costs and who may see it stands in the QuerySets."""
