class CacheControl:
    max_age: int | None
    no_store: bool | None
