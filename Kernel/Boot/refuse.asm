; The polite refusal. Runs before paging on whatever processor this is: 386 instructions only, physical addresses.
bits 32

global refuse

OFFSET equ 0x40000000               ; virtual minus physical address of the image (boot.asm)

COM1 equ 0x3F8                      ; 16550 registers relative to the base: data sheet of the PC16550D, table II
UART_DATA equ 0
UART_INTERRUPTS equ 1
UART_FIFO equ 2
UART_LINE equ 3
UART_STATUS equ 5
UART_SENDER_IDLE equ 0x40
UART_PATIENCE equ 100000            ; polls; without a port the status reads FF and nothing waits
VGA_TEXT equ 0xB8000
VGA_CELLS equ 80 * 25
DEBUG_EXIT equ 0xF4                 ; QEMU's isa-debug-exit, if it is there
EXIT_REFUSED equ 0x21

section .text
refuse:
    mov edi, VGA_TEXT
    mov eax, 0x07200720             ; light grey blanks
    mov ecx, VGA_CELLS / 2
    rep stosd
    mov edx, COM1 + UART_INTERRUPTS
    xor al, al
    out dx, al
    mov edx, COM1 + UART_LINE
    mov al, 0x80                    ; divisor latch
    out dx, al
    mov edx, COM1 + UART_DATA
    mov al, 1                       ; 115200 bits a second
    out dx, al
    inc edx
    xor al, al
    out dx, al
    mov edx, COM1 + UART_LINE
    mov al, 3                       ; 8 bits, no parity, 1 stop bit
    out dx, al

    mov esi, refusal - OFFSET
    mov edi, VGA_TEXT
.next:
    lodsb
    test al, al
    jz .told
    mov bl, al
    cmp al, ' '
    jb .serial                      ; line ends are for the serial line alone
    mov ah, 0x0F
    stosw
.serial:
    mov ecx, UART_PATIENCE
    mov edx, COM1 + UART_STATUS
.wait:
    in al, dx
    test al, UART_SENDER_IDLE
    loopz .wait
    mov edx, COM1 + UART_DATA
    mov al, bl
    out dx, al
    jmp .next
.told:
    mov ecx, UART_PATIENCE
    mov edx, COM1 + UART_STATUS
.flush:
    in al, dx
    test al, UART_SENDER_IDLE
    loopz .flush
    mov edx, DEBUG_EXIT
    mov eax, EXIT_REFUSED
    out dx, eax
.stop:
    cli
    hlt
    jmp .stop

section .rdata
refusal:
    db "HaukiOS needs a processor with SSE2 (Pentium 4 or later). This one has none. Halted.", 13, 10, 0
