using System;

namespace HaukiOS.Build.Link;

/// <summary>
/// A table about the image inside the image. Its size is known before anything has an address, its content only
/// when everything has one.
/// </summary>
public interface ILateTable
{
    /// <summary>Its bounds are the symbols <c>NAME_start</c> and <c>NAME_end</c>.</summary>
    string Name { get; }

    /// <summary>Bytes in all.</summary>
    int Size { get; }

    /// <summary>Writes it, when every symbol has its address.</summary>
    void Write(Span<byte> table);
}
