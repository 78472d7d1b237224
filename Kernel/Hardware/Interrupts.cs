namespace HaukiOS.Hardware;

/// <summary>
/// A device's interrupt side. It runs with interrupts off: it acknowledges the device, moves bytes into a ring
/// that already exists and sets a pending bit. It must not allocate, throw or block.
/// </summary>
public interface IInterruptHandler
{
    /// <summary>Called once for each interrupt of the line, and for those of other devices that share it.</summary>
    void OnInterrupt();
}

/// <summary>The interrupt lines of the machine (two 8259A: 0 to 15).</summary>
public interface IInterruptLines
{
    /// <summary>Adds a handler to a line and lets its interrupts through. PCI lines can be shared.</summary>
    void Attach(int line, IInterruptHandler handler);
}
