namespace System.Runtime.CompilerServices;

/// <summary>An object seen as its bytes. The compiler knows the field by name.</summary>
internal class RawData
{
    public byte Data;
}

/// <summary>An array seen as its bytes. The compiler knows the fields by name.</summary>
internal class RawArrayData
{
    public uint Length;
    public byte Data;
}
