async function work(): Promise<void> {
  await null;
}

work();
