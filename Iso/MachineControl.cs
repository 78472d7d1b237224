using HaukiOS.Hardware;
using HaukiOS.Machine;

namespace HaukiOS.Image;

/// <summary>Switches the machine off or starts it anew, after the last words have left the serial port.</summary>
internal sealed class MachineControl(MachineDevices devices) : IMachineControl
{
    /// <inheritdoc/>
    public void Reboot()
    {
        devices.DrainSerial();
        Cpu.DisableInterrupts();
        devices.Power?.TryReset();
        Stop();
    }

    /// <summary>Resets at once, from wherever the kernel is: nothing is allocated, nothing waited for.</summary>
    public void Reset()
    {
        Cpu.DisableInterrupts();
        devices.Power?.TryReset();
        Stop();
    }

    /// <inheritdoc/>
    public void PowerOff()
    {
        if (devices.Power is not { CanPowerOff: true })
        {
            foreach (IConsolePort port in devices.Consoles)
            {
                port.Write("The machine may be switched off now.\r\n"u8);
            }
        }

        devices.DrainSerial();
        Cpu.DisableInterrupts();
        devices.Power?.TryPowerOff();
        Stop();
    }

    private static void Stop()
    {
        while (true)
        {
            Cpu.DisableInterrupts();
            Cpu.WaitForInterrupt();
        }
    }
}
