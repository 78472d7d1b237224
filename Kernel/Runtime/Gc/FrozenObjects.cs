namespace Internal.Runtime;

/// <summary>
/// Objects that the compiler made and put into the image: strings, preinitialised statics, delegates. They live for
/// ever and lie outside of the heap, but can be written to: those that hold references are roots.
/// </summary>
internal static unsafe class FrozenObjects
{
    private static nint* withReferences;
    private static int count;

    /// <summary>Goes through the section once and keeps a list of the objects that hold references.</summary>
    internal static void Initialize()
    {
        byte* section = ModuleTables.Find(ModuleTables.Section.FrozenObjects, out uint length);
        if (section == null)
            return;
        count = Walk(section, section + length, null);
        withReferences = (nint*)PermanentMemory.Allocate((uint)count * 4);
        Walk(section, section + length, withReferences);
    }

    /// <summary>Marks what frozen objects refer to.</summary>
    internal static void MarkReferences()
    {
        for (int i = 0; i < count; i++)
            Marker.MarkReferences((byte*)withReferences[i]);
    }

    // The section begins with the header word of its first object; sizes count the header word.
    private static int Walk(byte* at, byte* end, nint* into)
    {
        int found = 0;
        for (byte* o = at + 4; o < end;)
        {
            var type = *(MethodTable**)o;
            if (type->ContainsReferences)
            {
                if (into != null)
                    into[found] = (nint)o;
                found++;
            }
            o += (Marker.SizeOf(o, type) + 3) & ~3u;
        }
        return found;
    }
}
