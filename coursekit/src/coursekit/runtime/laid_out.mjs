// What the build and the browser both do with Python's files and memory.

// The files are parts of the pack itself: none is copied.
export function unpack(FS, pack) {
  let end = 4 + new DataView(pack.buffer, pack.byteOffset).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(pack.subarray(4, end)));
  for (const [folder, names] of Object.entries(index)) {
    FS.mkdirTree(folder);
    for (const [name, size] of names) {
      FS.writeFile(`${folder}/${name}`, pack.subarray(end, end + size), { canOwn: true });
      end += size;
    }
  }
}

// What the WebAssembly's own data says of a memory need not be said again: taken out, and put in again, by the same XOR.
// (WebAssembly Core 2.0, 5.2.2 and 5.5.14)
export function exchange(memory, wasm) {
  const DATA = 11;
  let at = 8; // behind magic and version
  const number = () => {
    let [value, shift, byte] = [0, 0, 128];
    for (; byte & 128; shift += 7) {
      byte = wasm[at++];
      value |= (byte & 127) << shift;
    }
    return value;
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    for (let count = section === DATA ? number() : 0; count; count -= 1) {
      if (number() !== 0) throw new Error("wanted data with an address, for the first memory");
      at += 1; // i32.const
      let to = number();
      at += 1; // end
      const size = number();
      for (const last = at + size; at < last; ) memory[to++] ^= wasm[at++];
    }
    at = end;
  }
}
