//! A trait with async methods, generic code over it, and the way to have it as `dyn`,
//! which the language does not give.

use std::collections::BTreeMap;
use std::pin::Pin;

use kettle::sync::Mutex;
use kettle::time::{Duration, sleep};

// ANCHOR: store
/// Where recipes are kept.
///
/// An implementation may write `async fn`. The trait says `impl Future + Send`, because
/// generic code cannot ask of an `async fn` in a trait that its future be `Send`.
trait Store: Send + Sync {
    fn get(&self, name: &str) -> impl Future<Output = Option<String>> + Send;
    fn put(&self, name: &str, recipe: &str) -> impl Future<Output = ()> + Send;
}

#[derive(Default)]
struct InMemory(Mutex<BTreeMap<String, String>>);

impl Store for InMemory {
    async fn get(&self, name: &str) -> Option<String> {
        self.0.lock().await.get(name).cloned()
    }

    async fn put(&self, name: &str, recipe: &str) {
        let mut recipes = self.0.lock().await;
        recipes.insert(name.to_owned(), recipe.to_owned());
    }
}

/// Another store, behind a long corridor.
struct Far<S>(S);

impl<S: Store> Store for Far<S> {
    async fn get(&self, name: &str) -> Option<String> {
        sleep(Duration::from_millis(200)).await;
        self.0.get(name).await
    }

    async fn put(&self, name: &str, recipe: &str) {
        sleep(Duration::from_millis(200)).await;
        self.0.put(name, recipe).await;
    }
}
// ANCHOR_END: store

// ANCHOR: generic
/// Generic code is compiled for each store, and allocates nothing for a call.
async fn cook(store: &impl Store, name: &str) -> String {
    match store.get(name).await {
        Some(recipe) => format!("{name}: {recipe}"),
        None => format!("{name}: no recipe"),
    }
}
// ANCHOR_END: generic

// ANCHOR: dyn
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The same methods with futures of one type, in boxes: this one has a `dyn`.
trait DynStore: Send + Sync {
    fn get_boxed<'a>(&'a self, name: &'a str) -> Boxed<'a, Option<String>>;
    fn put_boxed<'a>(&'a self, name: &'a str, recipe: &'a str) -> Boxed<'a, ()>;
}

impl<S: Store> DynStore for S {
    fn get_boxed<'a>(&'a self, name: &'a str) -> Boxed<'a, Option<String>> {
        Box::pin(self.get(name))
    }

    fn put_boxed<'a>(&'a self, name: &'a str, recipe: &'a str) -> Boxed<'a, ()> {
        Box::pin(self.put(name, recipe))
    }
}

/// And back again: a box with any store in it is a store. Without the `'_` a task that
/// awaits it could not be spawned: inside an `async` block the compiler forgets that the
/// box borrows nothing, and wants the impl for every lifetime.
impl Store for Box<dyn DynStore + '_> {
    async fn get(&self, name: &str) -> Option<String> {
        (**self).get_boxed(name).await
    }

    async fn put(&self, name: &str, recipe: &str) {
        (**self).put_boxed(name, recipe).await;
    }
}
// ANCHOR_END: dyn

#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let near = InMemory::default();
    near.put("tea", "boil, pour, wait").await;
    println!("{}", cook(&near, "tea").await);

    // Which store it is, nobody knows before the program runs.
    let stores: Vec<Box<dyn DynStore>> =
        vec![Box::new(near), Box::new(Far(InMemory::default()))];
    for store in stores {
        store.put("toast", "slice, heat").await;
        // The futures are `Send`, so a task may have them.
        let cooking = kettle::spawn(async move {
            let toast = cook(&store, "toast").await;
            (toast, cook(&store, "tea").await)
        });
        let (toast, tea) = cooking.await.expect("nobody panics");
        println!("{toast}; {tea}");
    }
}
