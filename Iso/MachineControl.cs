using HaukiOS.Drivers.Power;
using HaukiOS.Drivers.Serial;
using HaukiOS.Hardware;
using HaukiOS.Machine;

namespace HaukiOS.Image;

/// <summary>Switches the machine off or starts it anew, after the last words have left the serial port.</summary>
internal sealed class MachineControl(PowerControl power, Uart16550? serial, IConsolePort[] ports) : IMachineControl
{
    /// <inheritdoc/>
    public void Reboot()
    {
        serial?.Drain();
        Cpu.DisableInterrupts();
        power.TryReset();
        Stop();
    }

    /// <inheritdoc/>
    public void PowerOff()
    {
        if (!power.CanPowerOff)
        {
            foreach (IConsolePort port in ports)
            {
                port.Write("The machine may be switched off now.\r\n"u8);
            }
        }

        serial?.Drain();
        Cpu.DisableInterrupts();
        power.TryPowerOff();
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
