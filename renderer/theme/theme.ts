// Our tokens as a Mantine theme. Components take their colours from tokens.css; nothing of the default template shows.
import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

// Mantine wants ten shades of each colour; every place that would use one is redirected to a token below.
const shades = (token: string): MantineColorsTuple => [
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
]

const tone = (color: string | undefined): 'tide' | 'red' => (color === 'red' ? 'red' : 'tide')

/** The variants a control may have: filled (the one thing to do), default, light, subtle. */
const variantColors: VariantColorsResolver = ({ color, variant }) => {
  const name = tone(typeof color === 'string' ? color : undefined)
  switch (variant) {
    case 'filled':
      return {
        background: `var(--${name})`,
        hover: `var(--${name}-strong)`,
        color: `var(--on-${name})`,
        border: '1px solid transparent',
      }
    case 'light':
      return {
        background: `var(--${name}-soft)`,
        hover: `var(--${name}-soft)`,
        color: name === 'red' ? 'var(--red)' : 'var(--tide-ink)',
        border: '1px solid transparent',
      }
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: 'var(--sunk)',
        color: color === 'red' ? 'var(--red)' : 'var(--ink-2)',
        border: '1px solid transparent',
      }
    default:
      return {
        background: 'var(--surface)',
        hover: 'var(--hover)',
        color: color === 'red' ? 'var(--red)' : 'var(--ink)',
        border: '1px solid var(--line-strong)',
      }
  }
}

export const theme = createTheme({
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font-ui)', fontWeight: '620' },
  fontSizes: { xs: 'var(--t-xs)', sm: 'var(--t-sm)', md: 'var(--t-md)', lg: 'var(--t-lg)', xl: 'var(--t-xl)' },
  spacing: { xs: 'var(--s1)', sm: 'var(--s2)', md: 'var(--s3)', lg: 'var(--s4)', xl: 'var(--s5)' },
  radius: { xs: 'var(--r1)', sm: 'var(--r1)', md: 'var(--r2)', lg: 'var(--r3)', xl: '99px' },
  defaultRadius: 'md',
  shadows: {
    xs: 'var(--shadow)',
    sm: 'var(--shadow)',
    md: 'var(--shadow-float)',
    lg: 'var(--shadow-float)',
    xl: 'var(--shadow-float)',
  },
  colors: { tide: shades('var(--tide)'), red: shades('var(--red)') },
  primaryColor: 'tide',
  variantColorResolver: variantColors,
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Plain objects: naming the components here would bring all of them into the first screen.
  components: {
    Button: { defaultProps: { variant: 'default', size: 'sm' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 90 } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    ModalRoot: {
      // The page itself never scrolls, so there is nothing to lock (and no style to inject for it).
      defaultProps: {
        centered: true,
        radius: 'lg',
        lockScroll: false,
        transitionProps: { duration: 120, transition: 'fade' },
      },
    },
    Switch: { defaultProps: { withThumbIndicator: false } },
    Tooltip: {
      defaultProps: { transitionProps: { duration: 80 }, multiline: true, maw: 460 },
    },
  },
})

const ours = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--tide-ink)',
  '--mantine-color-error': 'var(--red)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunk)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--tide)',
  '--mantine-primary-color-filled-hover': 'var(--tide-strong)',
  '--mantine-primary-color-light': 'var(--tide-soft)',
  '--mantine-primary-color-light-hover': 'var(--tide-soft)',
  '--mantine-primary-color-light-color': 'var(--tide-ink)',
  '--mantine-primary-color-contrast': 'var(--on-tide)',
  '--mantine-color-tide-filled': 'var(--tide)',
  '--mantine-color-tide-light': 'var(--tide-soft)',
  '--mantine-color-tide-outline': 'var(--tide)',
  '--mantine-color-dark-4': 'var(--line)',
  '--mantine-color-dark-5': 'var(--hover)',
  '--mantine-color-dark-6': 'var(--surface)',
  '--mantine-color-dark-7': 'var(--surface)',
  '--mantine-color-gray-2': 'var(--line)',
  '--mantine-color-gray-3': 'var(--line)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours })
