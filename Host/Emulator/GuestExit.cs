namespace HaukiOS.Host.Emulator;

/// <summary>
/// QEMU's exit codes when the guest ended it through <see cref="MachineOptions.ExitDevice"/>: the value v that the
/// guest wrote gives 2v + 1.
/// </summary>
public static class GuestExit
{
    /// <summary>All conformance cases were run and reported (the guest wrote 0x10).</summary>
    public const int CasesDone = (0x10 * 2) + 1;

    /// <summary>The kernel panicked (0x20).</summary>
    public const int Panic = (0x20 * 2) + 1;

    /// <summary>The processor was refused at boot (0x21).</summary>
    public const int Refused = (0x21 * 2) + 1;
}
