using System;

namespace Internal.Runtime;

/// <summary>The exception for an exhausted heap, made while there still was memory.</summary>
internal static class OutOfMemory
{
    private static OutOfMemoryException? instance;

    /// <summary>The one exception. Throwing it allocates nothing.</summary>
    internal static OutOfMemoryException Instance => instance!;

    /// <summary>Makes the exception; part of start-up.</summary>
    internal static void Prepare() => instance = new OutOfMemoryException("The heap is exhausted.");
}
